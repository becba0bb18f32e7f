#include <optional>
#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// A producer has declared columns NOT NULL. Rows that had nothing there no longer come, or come
/// with a default. Severity scales the share of those rows.
class NullableToRequired {
  public:
    static constexpr const char* describe = R"json({
      "name": "nullable_to_required",
      "version": "1.0.0",
      "summary": "Makes nullable columns required: rows with NULL in them no longer come, or come with a default",
      "keywords": ["not null constraint", "mandatory field", "schema change", "data contract"],
      "group": "schema",
      "dose": "continuous",
      "unit": "row",
      "scales": "fraction",
      "at_severity_1": "the full fraction of the rows with NULL is refused, or filled",
      "accepts": ["any"],
      "needs_columns": true,
      "keeps": ["schema", "order"],
      "params": {
        "type": "object",
        "properties": {
          "rows": {"enum": ["refused", "filled"], "default": "refused",
            "description": "refused: rows with NULL are left out; filled: they come with value in its place"},
          "value": {"type": ["string", "number", "boolean", "null"], "default": null,
            "description": "filled: the default. Not set: 0, the empty text, false, 1970-01-01"}
        }
      },
      "examples": [
        {"columns": ["qty"]},
        {"columns": ["note", "score"], "rows": "filled"},
        {"columns": ["region"], "rows": "filled", "value": "unknown", "fraction": 0.5}
      ]
    })json";

    explicit NullableToRequired(const nlohmann::json& params)
        : filled_(params.at("rows") == "filled"), value_(stated_value(params, "value")) {
        if (value_ && !filled_) throw ParamError("value goes with rows filled");
    }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        std::string missing;
        for (const auto& column : relation.targets()) {
            const auto is_null = call.quote(column) + " IS NULL";
            missing += (missing.empty() ? "" : " OR ") + is_null;
            if (filled_)
                out.replace(column, call.constant(column, value_of(column), "value"),
                            call.selected() + " AND " + is_null);
        }
        if (!filled_) out.keep("NOT (" + call.selected() + " AND (" + missing + "))");
        return out.build();
    }

  private:
    [[nodiscard]] std::string value_of(const Column& column) const {
        if (value_) return *value_;
        switch (column.family) {
            case Family::integer:
            case Family::decimal:
            case Family::floating:
                return "0";
            case Family::text:
                return "";
            case Family::boolean:
                return "false";
            case Family::date:
            case Family::timestamp:
                return "1970-01-01";
            default:
                throw ParamError("state \"value\": a " + column.type + ", as " + column.name +
                                 " is, has no usual default");
        }
    }

    bool filled_;
    std::optional<std::string> value_;
};

}  // namespace

FAULTLINE_PLUGIN(NullableToRequired)
