#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "faultline/plugin.hpp"
#include "misspell.h"

namespace {

using namespace faultline::sdk;
using namespace faultline::typo;

/// Slips of the finger in text. On the rows themselves: SQL has no keyboards. Severity scales how
/// many cells.
class Typo {
  public:
    static constexpr const char* describe = R"json({
      "name": "typo",
      "version": "1.0.0",
      "summary": "Makes typing errors in text: a neighbouring key of the keyboard, two letters swapped, one lost or doubled",
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "draws": true,
      "uniforms": 2,
      "scales": "fraction",
      "at_severity_1": "the full fraction of texts is misspelt",
      "accepts": ["text"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "defaults": {"fraction": 0.1},
      "params": {
        "type": "object",
        "properties": {
          "kind": {"enum": ["neighbour", "swap", "drop", "repeat", "any"], "default": "any",
            "description": "neighbour: a key beside the right one; swap: two characters in the wrong order; drop: one is lost; repeat: one comes twice; any: one of these by lot. Where a text has no place for it, a character comes twice"},
          "slips": {"type": "integer", "minimum": 1, "maximum": 100, "default": 1,
            "description": "how many in each text"},
          "keyboard": {"enum": ["qwerty", "qwertz", "azerty"], "default": "qwerty",
            "description": "neighbour: whose keys"}
        }
      },
      "examples": [
        {"columns": ["note"], "fraction": 0.3},
        {"columns": ["region", "note"], "kind": "neighbour", "keyboard": "qwertz", "fraction": 0.5, "exact": true},
        {"columns": ["region"], "kind": "swap", "slips": 3, "where": "flag"},
        {"columns": ["note"], "kind": "drop", "fraction": 0.2}
      ]
    })json";

    explicit Typo(const nlohmann::json& params) : slips_(params.at("slips").get<unsigned>()) {
        const std::map<std::string, Slip> kinds = {{"neighbour", Slip::neighbour},
                                                   {"swap", Slip::swap},
                                                   {"drop", Slip::drop},
                                                   {"repeat", Slip::repeat},
                                                   {"any", Slip::any}};
        kind_ = kinds.at(params.at("kind").get<std::string>());
        const auto name = params.at("keyboard").get<std::string>();
        for (const auto& keyboard : keyboards)
            if (keyboard.name == name) keyboard_ = &keyboard;
    }

    void transform(const Relation& relation, const Call& call, ArrowReader& in,
                   ArrowWriter& out) const {
        const auto selected = in.index_of("__fl_selected"), high = in.index_of("__fl_u0"),
                   low = in.index_of("__fl_u1");
        std::int64_t rows = 0;
        while (auto batch = in.next()) {
            if (call.cancelled()) throw Cancelled();
            std::vector<bool> changed(static_cast<std::size_t>(batch->rows()));
            for (const auto& target : relation.targets()) {
                const auto at = in.index_of(target.name);
                const auto column = batch->column(at);
                if (!column.is_text())
                    throw ParamError("column " + target.name + " is a " + target.type +
                                     ", which holds only the values of its list");
                std::vector<std::optional<std::string>> cells;
                cells.reserve(static_cast<std::size_t>(batch->rows()));
                std::int64_t cells_changed = 0;
                for (std::int64_t row = 0; row < batch->rows(); ++row) {
                    if (column.is_null(row)) {
                        cells.emplace_back();
                        continue;
                    }
                    const auto text = column.text(row);
                    if (text.empty() || !batch->column(selected).boolean(row)) {
                        cells.emplace_back(text);
                        continue;
                    }
                    const auto seed = (draw(*batch, high, row) << 32) + draw(*batch, low, row);
                    cells.emplace_back(
                        misspelt(text, kind_, slips_, *keyboard_, Draws(seed ^ of(target.name))));
                    changed[static_cast<std::size_t>(row)] = true;
                    ++cells_changed;
                }
                call.count("cells:" + target.name, cells_changed);
                if (cells_changed > 0) batch->replace(at, ArrowColumn::texts(column, cells));
            }
            rows += std::count(changed.begin(), changed.end(), true);
            out.write(std::move(*batch));
        }
        call.count("rows_changed", rows);
    }

  private:
    /// The whole number that a uniform came from.
    static std::uint64_t draw(const Batch& batch, std::size_t column, std::int64_t row) {
        return static_cast<std::uint64_t>(
            std::floor(batch.column(column).number(row) * 4294967296.0));
    }
    /// Columns slip each in their own way, whichever others are hit (FNV-1a over the name).
    static std::uint64_t of(const std::string& name) {
        std::uint64_t hash = 0xCBF29CE484222325u;
        for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
        return hash;
    }

    Slip kind_ = Slip::any;
    unsigned slips_;
    const Keyboard* keyboard_ = &keyboards[0];
};

}  // namespace

FAULTLINE_PLUGIN(Typo)
