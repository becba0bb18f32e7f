#include <string>
#include <vector>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// What one column says of another no longer holds: one postcode, two cities.
class DependencyBroken {
  public:
    static constexpr const char* describe = R"json({
      "name": "dependency_broken",
      "version": "1.0.0",
      "summary": "Breaks a functional dependency: equal determinants, different dependents",
      "group": "keys",
      "dose": "continuous",
      "unit": "cell",
      "draws": true,
      "scales": "fraction",
      "at_severity_1": "the full fraction of the rows contradicts the first row of its group",
      "accepts": ["any"],
      "needs_columns": true,
      "keeps": ["schema", "rows"],
      "defaults": {"fraction": 0.1},
      "params": {
        "type": "object",
        "required": ["determinant"],
        "properties": {
          "determinant": {"type": ["string", "array"], "minLength": 1, "minItems": 1, "items": {"type": "string"},
            "description": "the column, or columns together, on which those of columns depend"}
        }
      },
      "examples": [
        {"determinant": "region", "columns": ["note"], "fraction": 0.2},
        {"determinant": ["region", "flag"], "columns": ["qty", "price"], "fraction": 0.5, "exact": true}
      ]
    })json";

    explicit DependencyBroken(const nlohmann::json& params) {
        const auto& stated = params.at("determinant");
        determinant_ = stated.is_string() ? std::vector<std::string>{stated.get<std::string>()}
                                          : stated.get<std::vector<std::string>>();
    }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        std::string group, same;
        for (const auto& name : determinant_) {
            const auto& column = relation.named(name);
            if (column.target)
                throw ParamError(column.name + " cannot depend on itself: it is in \"columns\"");
            const auto cell = call.quote(column);
            group += (group.empty() ? "" : ", ") + cell;
            same += (same.empty() ? "" : " AND ") + ("r." + cell) + " = g." + cell;
        }
        // The first row of each group, hit or not, is what the others contradict. Which one that is
        // must not depend on the severity. Where the determinant is NULL there is no group.
        const auto first = call.quote("__fl_first");
        const auto from = "(SELECT r.*, g." + first + " FROM " + relation.from() +
                          " AS r LEFT JOIN " +
                          call.table("SELECT " + group + ", min(" + call.key() + ") AS " + first +
                                     " FROM " + relation.from() + " GROUP BY " + group) +
                          " AS g ON " + same + ")";
        const auto contradicts = call.selected() + " AND " + call.key() + " > " + first;
        OtherValues others(relation, call, from);
        Projection out(relation, call);
        std::uint32_t draw = 0;
        bool certain = true;
        for (const auto& column : relation.targets()) {
            const auto value = others.of({column}, draw++).front();
            certain = certain && others.has_others(column);
            if (certain)
                out.replace_by_other(column, value,
                                     contradicts + " AND " + call.quote(column) + " IS NOT NULL");
            else
                out.replace(column, value, contradicts + " AND " + value + " IS NOT NULL");
        }
        if (certain) out.counted_over(from + " AS \"__fl_grouped\"");
        return out.over(others.select()).build();
    }

  private:
    std::vector<std::string> determinant_;
};

}  // namespace

FAULTLINE_PLUGIN(DependencyBroken)
