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
      "keywords": ["primary key violation", "uniqueness", "collision", "hash collision",
        "key reuse"],
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
        Lookup lookup(relation, call);
        const auto other = OtherValues(lookup, relation, call).of(columns, 0);
        const auto when = call.selected() + " AND " + other.there;
        Projection out(relation, call);
        out.over(lookup.select());
        // A value given by itself is another: who is given one need not be looked at to be counted.
        if (columns.size() == 1)
            return out.replace_by_other(columns[0], other.values[0], when)
                .counted_over(relation.from())
                .build();
        for (std::size_t i = 0; i < columns.size(); ++i)
            out.replace(columns[i], other.values[i], when);
        return out.build();
    }
};

}  // namespace

FAULTLINE_PLUGIN(DuplicateKeys)
