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
      "keywords": ["inconsistent values", "integrity constraint", "conflicting values",
        "denormalised"],
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
        std::string group, present;
        for (const auto& name : determinant_) {
            const auto& column = relation.named(name);
            if (column.target)
                throw ParamError(column.name + " cannot depend on itself: it is in \"columns\"");
            const auto cell = call.quote(column);
            group += (group.empty() ? "" : ", ") + cell;
            present += (present.empty() ? "" : " AND ") + cell + " IS NOT NULL";
        }
        // The first row of each group, hit or not, is what the others contradict. Which one that is
        // must not depend on the severity. Where the determinant is NULL there is no group. Copies
        // of a row have its rank, and may be the first of two groups.
        Lookup lookup(relation, call);
        const auto first = lookup.once_at(
            lookup.read("SELECT DISTINCT min(" + call.rank() + ") AS place, TRUE AS v0 FROM " +
                            relation.from() + " WHERE " + present + " GROUP BY " + group,
                        relation.rows(), 1),
            call.rank(), call.selected());
        const auto contradicts =
            call.selected() + " AND " + present + " AND " + first[0] + " IS NULL";
        OtherValues others(lookup, relation, call);
        Projection out(relation, call);
        std::uint32_t draw = 0;
        for (const auto& column : relation.targets()) {
            const auto other = others.of({column}, draw++);
            out.replace_by_other(column, other.values[0], contradicts + " AND " + other.there);
        }
        return out.over(lookup.select()).build();
    }

  private:
    std::vector<std::string> determinant_;
};

}  // namespace

FAULTLINE_PLUGIN(DependencyBroken)
