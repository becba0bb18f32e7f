#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// A column more, which nobody asked for and nobody needs.
class ExtraColumn {
  public:
    static constexpr const char* describe = R"json({
      "name": "extra_column",
      "version": "1.0.0",
      "summary": "Adds a column at the end, as producers do who keep to additive changes",
      "keywords": ["additive change", "new column", "schema evolution", "schema change",
        "backward compatible"],
      "group": "benign twins",
      "dose": "binary",
      "unit": "column",
      "scales": "nothing",
      "at_severity_1": "the column is there (from severity 0.5 on)",
      "selects": false,
      "keeps": ["rows", "order"],
      "benign": true,
      "params": {
        "type": "object",
        "properties": {
          "name": {"type": "string", "minLength": 1, "default": "added_later",
            "description": "the new column's name"},
          "value": {"type": ["string", "number", "boolean", "null"], "default": null,
            "description": "its value in every row: text, a number or a boolean (not set: NULL, of type text)"}
        }
      },
      "examples": [{}, {"name": "channel", "value": "web"}, {"name": "version", "value": 2}]
    })json";

    explicit ExtraColumn(const nlohmann::json& params)
        : name_(params.at("name").get<std::string>()) {
        if (params.contains("value")) value_ = params.at("value");
    }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        if (name_.starts_with("__fl_"))
            throw ParamError("names that begin with __fl_ are the harness's own");
        // Engines read names without regard to case.
        const auto folded = [](std::string name) {
            for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
            return name;
        };
        for (const auto& column : relation.columns())
            if (folded(column.name) == folded(name_))
                throw ParamError("there is a column named " + column.name + " already");
        return Projection(relation, call).add(name_, expression(call)).build();
    }

  private:
    [[nodiscard]] std::string expression(const Call& call) const {
        if (value_.is_null()) return call.cast("NULL", call.type_name(Family::text));
        if (value_.is_string())
            return call.cast(call.text(value_.get<std::string>()), call.type_name(Family::text));
        const auto family = value_.is_boolean()          ? Family::boolean
                            : value_.is_number_integer() ? Family::integer
                                                         : Family::floating;
        return call.cast(call.text(value_.dump()), call.type_name(family));
    }

    std::string name_;
    nlohmann::json value_;
};

}  // namespace

FAULTLINE_PLUGIN(ExtraColumn)
