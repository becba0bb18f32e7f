#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "faultline/plugin.hpp"
#include "faultline/sdk/text_patches.hpp"
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
      "summary": "Makes typing errors in text: a neighbouring key of the keyboard, two letters swapped, one lost or doubled; letters in leet, or misread from a scan",
      "keywords": ["misspelling", "data entry", "keyboard", "OCR", "transposition", "fat finger"],
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
          "kind": {"enum": ["neighbour", "swap", "drop", "repeat", "any", "leet", "ocr"], "default": "any",
            "description": "neighbour: a key beside the right one; swap: two characters in the wrong order; drop: one is lost; repeat: one comes twice; any: one of these by lot; leet: a digit that stands for a letter (e as 3); ocr: a character that a scan is misread for (0 and O, 1 and l). Where a text has no place for it, a character comes twice"},
          "slips": {"type": "integer", "minimum": 1, "maximum": 100, "default": 1,
            "description": "how many in each text"},
          "keyboard": {"goes_with": {"kind": ["neighbour", "any"]}, "enum": ["qwerty", "qwertz", "azerty"], "default": "qwerty",
            "description": "neighbour: whose keys"}
        }
      },
      "examples": [
        {"columns": ["note"], "fraction": 0.3},
        {"columns": ["region", "note"], "kind": "neighbour", "keyboard": "qwertz", "fraction": 0.5, "exact": true},
        {"columns": ["region"], "kind": "swap", "slips": 3, "where": "flag"},
        {"columns": ["note"], "kind": "drop", "fraction": 0.2},
        {"columns": ["note"], "kind": "leet", "slips": 2, "fraction": 0.4},
        {"columns": ["region", "note"], "kind": "ocr", "fraction": 0.5}
      ]
    })json";

    explicit Typo(const nlohmann::json& params) : slips_(params.at("slips").get<unsigned>()) {
        const std::map<std::string, Slip> kinds = {{"neighbour", Slip::neighbour},
                                                   {"swap", Slip::swap},
                                                   {"drop", Slip::drop},
                                                   {"repeat", Slip::repeat},
                                                   {"any", Slip::any},
                                                   {"leet", Slip::leet},
                                                   {"ocr", Slip::ocr}};
        kind_ = kinds.at(params.at("kind").get<std::string>());
        const auto name = params.at("keyboard").get<std::string>();
        for (const auto& keyboard : keyboards)
            if (keyboard.name == name) keyboard_ = &keyboard;
    }

    void transform(const Relation& relation, const Call& call, ArrowReader& in,
                   ArrowWriter& out) const {
        const auto selected = in.index_of("__fl_selected"), high = in.index_of("__fl_u0"),
                   low = in.index_of("__fl_u1");
        struct Target {
            std::size_t at;
            std::string count;
            std::uint64_t salt;
        };
        std::vector<Target> targets;
        for (const auto& target : relation.targets()) {
            targets.push_back({in.index_of(target.name), "cells:" + target.name, of(target.name)});
            if (!holds_text(in, targets.back().at))
                throw ParamError("column " + target.name + " is a " + target.type +
                                 ", which holds only the values of its list");
        }
        Misspeller misspell(kind_, slips_, *keyboard_);
        std::int64_t rows = 0;
        while (auto batch = in.next()) {
            if (call.cancelled()) throw Cancelled();
            const auto hit = rows_where_true(batch->column(selected));
            std::vector<bool> changed(hit.size());
            for (const auto& [at, count, salt] : targets) {
                const auto column = batch->column(at);
                std::vector<TextPatch> patches;
                for (std::size_t i = 0; i < hit.size(); ++i) {
                    if (column.is_null(hit[i])) continue;
                    const auto text = column.text(hit[i]);
                    if (text.empty()) continue;
                    const auto seed =
                        (draw(*batch, high, hit[i]) << 32) + draw(*batch, low, hit[i]);
                    patches.push_back({hit[i], misspell(text, Draws(seed ^ salt))});
                    changed[i] = true;
                }
                if (patches.empty()) continue;
                call.count(count, static_cast<std::int64_t>(patches.size()));
                batch->replace(at, patched(column, patches));
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
