#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// References that point at nobody, as ids from another system do, or at somebody else.
class OrphanKeys {
  public:
    static constexpr const char* describe = R"json({
      "name": "orphan_keys",
      "version": "1.0.0",
      "summary": "Makes references point at nobody, or at somebody else",
      "keywords": ["referential integrity", "foreign key", "dangling reference", "unmatched",
        "pseudonymised", "anonymised", "PII", "late dimension"],
      "group": "keys",
      "dose": "continuous",
      "unit": "cell",
      "draws": true,
      "scales": "fraction",
      "at_severity_1": "the full fraction of the references is wrong",
      "accepts": ["integer", "text"],
      "needs_columns": true,
      "keeps": ["schema", "rows"],
      "defaults": {"fraction": 0.1},
      "params": {
        "type": "object",
        "properties": {
          "mode": {"enum": ["nobody", "somebody_else"], "default": "nobody",
            "description": "nobody: a value that the column has nowhere, the same one for the same old value; somebody_else: another of the column's values, drawn"},
          "mark": {"goes_with": {"mode": ["nobody"]}, "type": "string", "minLength": 1, "default": "unknown-",
            "description": "nobody: what text begins with; lengthened by _ until no value begins so"}
        }
      },
      "examples": [
        {"columns": ["qty"], "fraction": 0.3},
        {"columns": ["region"], "mark": "x", "exact": true, "fraction": 0.2},
        {"columns": ["region", "note"], "mode": "somebody_else", "fraction": 0.4}
      ]
    })json";

    explicit OrphanKeys(const nlohmann::json& params)
        : nobody_(params.at("mode") == "nobody"), mark_(params.at("mark").get<std::string>()) {}

    [[nodiscard]] bool draws(double /*severity*/) const { return !nobody_; }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        if (nobody_) {
            for (const auto& column : relation.targets())
                out.replace(column, Unseen(column, call, mark_).value());
            return out.build();
        }
        Lookup lookup(relation, call);
        OtherValues others(lookup, relation, call);
        std::uint32_t draw = 0;
        for (const auto& column : relation.targets()) {
            const auto other = others.of({column}, draw++);
            out.replace_by_other(column, other.values[0], call.selected() + " AND " + other.there);
        }
        return out.over(lookup.select()).counted_over(relation.from()).build();
    }

  private:
    bool nobody_;
    std::string mark_;
};

}  // namespace

FAULTLINE_PLUGIN(OrphanKeys)
