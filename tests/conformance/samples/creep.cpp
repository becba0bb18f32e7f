#include <map>
#include <optional>
#include <string>
#include <vector>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// On the rows themselves: numbers move by as much as the severity and the row's dose say.
class Creep {
  public:
    static constexpr const char* describe = R"json({
      "name": "creep", "version": "1", "summary": "Adds 100 to numbers",
      "group": "values", "dose": "continuous", "unit": "cell",
      "scales": "magnitude", "doses_rows": true, "at_severity_1": "100 is added",
      "accepts": ["floating"], "needs_columns": true, "keeps": ["schema", "rows", "order"],
      "params": {"type": "object", "properties": {}},
      "examples": [{"columns": ["score"]}, {"columns": ["score"], "fraction": 0.5, "exact": true}]
    })json";

    explicit Creep(const nlohmann::json& /*params*/) {}

    void transform(const Relation& relation, const Call& call, ArrowReader& in,
                   ArrowWriter& out) const {
        const auto selected = in.index_of("__fl_selected"), dose = in.index_of("__fl_dose");
        const auto target = relation.targets().at(0).name;
        const auto at = in.index_of(target);
        std::int64_t changed = 0;
        while (auto batch = in.next()) {
            const auto column = batch->column(at);
            std::vector<std::optional<double>> cells;
            for (std::int64_t row = 0; row < batch->rows(); ++row) {
                std::optional<double> cell;
                if (!column.is_null(row)) cell = column.number(row);
                if (cell && batch->column(selected).boolean(row)) {
                    *cell += 100 * call.severity() * batch->column(dose).number(row);
                    ++changed;
                }
                cells.push_back(cell);
            }
            batch->replace(at, ArrowColumn::numbers(column, cells));
            out.write(std::move(*batch));
        }
        call.count("cells:" + target, changed);
        call.count("rows_changed", changed);
    }
};

}  // namespace

FAULTLINE_PLUGIN(Creep)
