#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// A column is renamed the careful way: first the new name is there beside the old one, which no
/// reader minds, and later the old one is taken away. Severity is how far the migration has come.
class SchemaMigration {
  public:
    static constexpr const char* describe = R"json({
      "name": "schema_migration",
      "version": "1.0.0",
      "summary": "Renames columns in two steps: first the new one beside the old (additive), then the old one goes (breaking)",
      "keywords": ["schema change", "schema evolution", "expand and contract", "deprecation",
        "breaking change"],
      "group": "schema",
      "dose": "continuous",
      "unit": "column",
      "scales": "magnitude",
      "at_severity_1": "the old columns are gone; below severity 0.5 both are there",
      "selects": false,
      "accepts": ["any"],
      "needs_columns": true,
      "keeps": ["rows", "order"],
      "params": {
        "type": "object",
        "properties": {
          "to": {"type": ["string", "null"], "minLength": 1, "default": null,
            "description": "the new name (one column only); not set: the old one with the suffix"},
          "suffix": {"type": "string", "minLength": 1, "default": "_v2",
            "description": "what is appended to the name where no new one is set"}
        }
      },
      "examples": [{"columns": ["region"], "to": "area"}, {"columns": {"type": "numeric"}}]
    })json";

    explicit SchemaMigration(const nlohmann::json& params)
        : to_(params.value("to", "")), suffix_(params.at("suffix").get<std::string>()) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto targets = relation.targets();
        if (!to_.empty() && targets.size() > 1)
            throw ParamError("\"to\" names one column; use suffix");
        Projection out(relation, call);
        for (const auto& column : targets) {
            const auto name = to_.empty() ? column.name + suffix_ : to_;
            if (relation.find(name) != nullptr)
                throw ParamError("there is a column named " + name + " already");
            out.add(name, call.quote(column));
            if (call.severity() >= 0.5) out.drop(column);
        }
        return out.build();
    }

  private:
    std::string to_, suffix_;
};

}  // namespace

FAULTLINE_PLUGIN(SchemaMigration)
