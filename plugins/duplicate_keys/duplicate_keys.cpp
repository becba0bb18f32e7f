#include <string>
#include <vector>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// A row takes another row's key: what was unique is so no more, and what joined to the one row
/// joins to both.
class DuplicateKeys {
  public:
    static constexpr const char* describe = R"json({
      "name": "duplicate_keys",
      "version": "1.0.0",
      "summary": "Gives rows the key of another row",
      "group": "keys",
      "dose": "continuous",
      "unit": "row",
      "draws": true,
      "scales": "fraction",
      "at_severity_1": "the full fraction of the rows has the key of another row",
      "accepts": ["any"],
      "keeps": ["schema", "rows"],
      "defaults": {"fraction": 0.05},
      "params": {"type": "object", "properties": {}},
      "examples": [
        {},
        {"columns": ["id"], "fraction": 0.2, "exact": true},
        {"columns": ["day", "region"], "fraction": 0.3, "where": "qty > 5"}
      ]
    })json";

    explicit DuplicateKeys(const nlohmann::json& /*params*/) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto columns = relation.targets_or_key();
        OtherValues others(relation, call);
        const auto values = others.of(columns, 0);
        Projection out(relation, call);
        out.over(others.select());
        if (columns.size() == 1 && others.has_others(columns[0])) {
            // What is given is another value: who is given one need not be looked at to be counted.
            const auto when = call.selected() + " AND " + call.quote(columns[0]) + " IS NOT NULL";
            return out.replace_by_other(columns[0], values[0], when)
                .counted_over(relation.from())
                .build();
        }
        for (std::size_t i = 0; i < columns.size(); ++i)
            out.replace(columns[i], values[i],
                        call.selected() + " AND " + values[i] + " IS NOT NULL");
        return out.build();
    }
};

}  // namespace

FAULTLINE_PLUGIN(DuplicateKeys)
