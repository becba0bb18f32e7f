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
        std::string group, known;
        for (const auto& name : determinant_) {
            const auto& column = relation.named(name);
            if (column.target)
                throw ParamError(column.name + " cannot depend on itself: it is in \"columns\"");
            group += (group.empty() ? "" : ", ") + call.quote(column);
            known += " AND " + call.quote(column) + " IS NOT NULL";
        }
        // The first row of each group, hit or not, is what the others contradict. Which one that is
        // must not depend on the severity.
        const auto nth = call.quote("__fl_nth");
        OtherValues others(relation, call,
                           "(SELECT *, row_number() OVER (PARTITION BY " + group + " ORDER BY " +
                               call.key() + ") AS " + nth + " FROM " + relation.from() + ")");
        Projection out(relation, call);
        std::uint32_t draw = 0;
        for (const auto& column : relation.targets()) {
            const auto value = others.of({column}, draw++).front();
            out.replace(column, value,
                        call.selected() + " AND " + nth + " > 1" + known + " AND " + value +
                            " IS NOT NULL");
        }
        return out.over(others.select()).build();
    }

  private:
    std::vector<std::string> determinant_;
};

}  // namespace

FAULTLINE_PLUGIN(DependencyBroken)
