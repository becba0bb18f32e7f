#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// The cells of two columns change places: latitude and longitude, first and last name. Severity
/// scales in how many rows.
class SwapColumns {
  public:
    static constexpr const char* describe = R"json({
      "name": "swap_columns",
      "version": "1.0.0",
      "summary": "Exchanges the cells of two columns: latitude and longitude, net and gross",
      "group": "values",
      "dose": "continuous",
      "unit": "row",
      "scales": "fraction",
      "at_severity_1": "in the full fraction of rows the two cells are exchanged",
      "accepts": ["any"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "params": {"type": "object", "properties": {}},
      "examples": [
        {"columns": ["region", "note"], "fraction": 0.2},
        {"columns": ["qty", "score"], "fraction": 0.6},
        {"columns": ["day", "at"], "fraction": 0.5, "exact": true}
      ]
    })json";

    explicit SwapColumns(const nlohmann::json& /*params*/) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto targets = relation.targets();
        if (targets.size() != 2)
            throw ParamError("columns must be two, and here are " + std::to_string(targets.size()));
        const auto &a = targets[0], &b = targets[1];
        // A row whose cells do not both fit stays as it is: half an exchange would be another
        // fault.
        const auto when = call.selected() + fits(a, b, call) + fits(b, a, call);
        return Projection(relation, call)
            .replace(a, as(b, a, call), when)
            .replace(b, as(a, b, call), when)
            .build();
    }

  private:
    static std::string as(const Column& from, const Column& to, const Call& call) {
        const auto cell = call.quote(from);
        return from.type == to.type ? cell : call.try_cast(cell, to.type);
    }
    static std::string fits(const Column& from, const Column& to, const Call& call) {
        if (from.type == to.type) return {};
        return " AND (" + call.quote(from) + " IS NULL OR " + as(from, to, call) + " IS NOT NULL)";
    }
};

}  // namespace

FAULTLINE_PLUGIN(SwapColumns)
