#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// On the rows themselves: turns text around and the sign of numbers; by a draw of its own it
/// leaves some cells out and, where severity is high, empties others.
class Garble {
  public:
    static constexpr const char* describe = R"json({
      "name": "garble", "version": "1", "summary": "Reverses text and signs, or empties cells",
      "group": "values", "dose": "continuous", "unit": "cell", "draws": true, "uniforms": 1,
      "scales": "fraction", "at_severity_1": "the full fraction of rows",
      "accepts": ["text", "integer", "floating"], "needs_columns": true, "keeps": ["schema", "rows", "order"],
      "params": {"type": "object", "required": ["null_share"], "properties": {
        "null_share": {"type": "number", "minimum": 0, "maximum": 1, "description": "share of hit cells emptied"}}},
      "examples": [
        {"columns": ["note", "score"], "null_share": 0.3, "fraction": 0.4},
        {"columns": {"type": "integer"}, "null_share": 0, "where": "flag", "exact": true}]
    })json";

    explicit Garble(const nlohmann::json& params)
        : null_share_(params.at("null_share").get<double>()) {}

    void transform(const Relation& relation, const Call& call, ArrowReader& in,
                   ArrowWriter& out) const {
        const auto selected = in.index_of("__fl_selected"), draw = in.index_of("__fl_u0");
        std::map<std::string, std::int64_t> cells;
        std::int64_t rows = 0;
        while (auto batch = in.next()) {
            std::vector<bool> changed(static_cast<std::size_t>(batch->rows()));
            for (const auto& target : relation.targets()) {
                const auto at = in.index_of(target.name);
                const auto column = batch->column(at);
                if (target.family == Family::text)
                    batch->replace(at, garbled<std::string>(*batch, column, selected, draw,
                                                            cells[target.name], changed));
                else
                    batch->replace(at, garbled<double>(*batch, column, selected, draw,
                                                       cells[target.name], changed));
            }
            rows += std::count(changed.begin(), changed.end(), true);
            out.write(std::move(*batch));
        }
        for (const auto& [name, count] : cells) call.count("cells:" + name, count);
        call.count("rows_changed", rows);
    }

  private:
    template <class T>
    ArrowColumn garbled(const Batch& batch, const ArrowColumn& column, std::size_t selected,
                        std::size_t draw, std::int64_t& count, std::vector<bool>& changed) const {
        std::vector<std::optional<T>> cells;
        for (std::int64_t row = 0; row < batch.rows(); ++row) {
            std::optional<T> old, now;
            if (!column.is_null(row)) old = cell<T>(column, row);
            now = old;
            if (old && batch.column(selected).boolean(row))
                now = batch.column(draw).number(row) < null_share_ ? std::nullopt
                                                                   : std::optional(turned(*old));
            if (now != old) {
                ++count;
                changed[static_cast<std::size_t>(row)] = true;
            }
            cells.push_back(std::move(now));
        }
        if constexpr (std::is_same_v<T, double>)
            return ArrowColumn::numbers(column, cells);
        else
            return ArrowColumn::texts(column, cells);
    }
    template <class T>
    static T cell(const ArrowColumn& column, std::int64_t row) {
        if constexpr (std::is_same_v<T, double>)
            return column.number(row);
        else
            return T(column.text(row));
    }
    static double turned(double x) { return -x; }
    /// By characters: what follows the first byte of one goes with it.
    static std::string turned(std::string text) {
        std::reverse(text.begin(), text.end());
        for (auto first = text.begin(); first != text.end();) {
            auto last = first;
            while (last != text.end() && (static_cast<unsigned char>(*last) & 0xc0u) == 0x80u)
                ++last;
            if (last != text.end()) ++last;
            std::reverse(first, last);
            first = last;
        }
        return text;
    }

    double null_share_;
};

}  // namespace

FAULTLINE_PLUGIN(Garble)
