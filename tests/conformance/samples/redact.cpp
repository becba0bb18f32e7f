#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// A binary fault that goes to rows: text is struck out, or it is not.
class Redact {
  public:
    static constexpr const char* describe = R"json({
      "name": "redact", "version": "1", "summary": "Strikes text out",
      "group": "values", "dose": "binary", "unit": "cell",
      "scales": "nothing", "at_severity_1": "every selected text is struck out (from 0.5 on)",
      "accepts": ["text"], "needs_columns": true, "keeps": ["schema", "rows", "order"],
      "params": {"type": "object", "properties": {}},
      "examples": [{"columns": ["note"], "fraction": 0.5}, {"columns": ["note", "region"], "where": "flag"}]
    })json";

    explicit Redact(const nlohmann::json& /*params*/) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        for (const auto& column : relation.targets())
            out.replace(column, call.text("***"),
                        call.selected() + " AND " + call.quote(column) + " IS NOT NULL");
        return out.build();
    }
};

}  // namespace

FAULTLINE_PLUGIN(Redact)
