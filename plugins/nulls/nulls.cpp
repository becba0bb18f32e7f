#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Cells go missing. Which ones, and whether by chance (MCAR), by another column (MAR) or by their
/// own value (MNAR), is the selection's `mechanism`. Severity scales how many.
class Nulls {
  public:
    static constexpr const char* describe = R"json({
      "name": "nulls",
      "version": "1.0.0",
      "summary": "Empties cells (NULL): missing at random (MCAR), given another column (MAR), or by their own value (MNAR)",
      "keywords": ["missing values", "NaN", "NA", "None", "empty cells", "blank", "incomplete",
        "dropout", "completeness"],
      "group": "missing",
      "dose": "continuous",
      "unit": "cell",
      "scales": "fraction",
      "at_severity_1": "the full fraction of cells is NULL",
      "accepts": ["any"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "defaults": {"fraction": 0.1},
      "params": {"type": "object", "properties": {}},
      "examples": [
        {"columns": ["price"], "fraction": 0.1, "exact": true},
        {"columns": ["note", "qty"], "fraction": 0.3, "mechanism": "at_random_given", "given": "at"},
        {"columns": ["score"], "fraction": 0.2, "mechanism": "not_at_random"},
        {"columns": {"type": "numeric"}, "fraction": 0.05, "where": "region = 'south'"}
      ]
    })json";

    explicit Nulls(const nlohmann::json& /*params*/) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        for (const auto& column : relation.targets())
            out.replace(column, call.cast("NULL", column.type));
        return out.build();
    }
};

}  // namespace

FAULTLINE_PLUGIN(Nulls)
