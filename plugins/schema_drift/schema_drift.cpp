#include <algorithm>
#include <string>
#include <vector>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

Family family_of(const std::string& name) {
    if (name == "text") return Family::text;
    if (name == "integer") return Family::integer;
    if (name == "double") return Family::floating;
    if (name == "boolean") return Family::boolean;
    if (name == "date") return Family::date;
    return Family::timestamp;
}

/// Changes the shape of a relation as a producer does who told nobody. On or off.
class SchemaDrift {
  public:
    static constexpr const char* describe = R"json({
      "name": "schema_drift",
      "version": "1.0.0",
      "summary": "Renames, drops, adds, moves or retypes columns",
      "group": "schema",
      "dose": "binary",
      "unit": "column",
      "scales": "nothing",
      "at_severity_1": "the columns have drifted (from severity 0.5 on)",
      "selects": false,
      "accepts": ["any"],
      "keeps": ["rows", "order"],
      "params": {
        "type": "object",
        "required": ["mode"],
        "properties": {
          "mode": {"enum": ["rename", "drop", "add", "reorder", "retype"],
            "description": "what happens: rename, drop and retype need columns; reorder reverses the order of all of them"},
          "to": {"type": ["string", "null"], "minLength": 1, "default": null,
            "description": "rename: the new name (one column only); retype: text, integer, double, boolean, date or timestamp. Not set: the old name with the suffix; text for whole numbers, dates, timestamps and booleans, integer for other numbers"},
          "suffix": {"type": "string", "minLength": 1, "default": "_v2",
            "description": "rename: what is appended to the name where no new one is set"},
          "name": {"type": "string", "minLength": 1, "default": "extra",
            "description": "add: the new column's name"},
          "type": {"enum": ["text", "integer", "double", "boolean", "date", "timestamp"], "default": "text",
            "description": "add: the new column's type"},
          "value": {"type": ["string", "number", "boolean", "null"], "default": null,
            "description": "add: the value in every row (not set: NULL)"}
        }
      },
      "examples": [
        {"mode": "rename", "columns": ["region"], "to": "area"},
        {"mode": "rename", "columns": {"type": "numeric"}},
        {"mode": "drop", "columns": ["note"]},
        {"mode": "add", "name": "added", "type": "integer", "value": 7},
        {"mode": "reorder"},
        {"mode": "retype", "columns": ["qty", "at", "score"]}
      ]
    })json";

    explicit SchemaDrift(const nlohmann::json& params)
        : mode_(params.at("mode").get<std::string>()),
          to_(params.value("to", "")),
          suffix_(params.at("suffix").get<std::string>()),
          name_(params.at("name").get<std::string>()),
          type_(params.at("type").get<std::string>()) {
        if (params.contains("value")) {
            const auto& value = params.at("value");
            has_value_ = true;
            value_ = value.is_string() ? value.get<std::string>() : value.dump();
        }
        const std::vector<std::string> types{"text",    "integer", "double",
                                             "boolean", "date",    "timestamp"};
        if (mode_ == "retype" && !to_.empty() &&
            std::find(types.begin(), types.end(), to_) == types.end())
            throw ParamError("retype knows no type \"" + to_ + "\"");
        if (!to_.empty() && mode_ != "rename" && mode_ != "retype")
            throw ParamError("\"to\" is for rename and retype");
    }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto targets = relation.targets();
        if (targets.empty() && mode_ != "add" && mode_ != "reorder")
            throw ParamError(mode_ + " needs columns");
        Projection out(relation, call);
        if (mode_ == "rename") rename(relation, targets, out);
        if (mode_ == "drop") drop(relation, targets, out);
        if (mode_ == "add") add(relation, call, out);
        if (mode_ == "reorder") reorder(relation, out);
        if (mode_ == "retype")
            for (const auto& column : targets)
                out.retype(column, call.type_name(target_type(column)));
        return out.build();
    }

  private:
    void rename(const Relation& relation, const std::vector<Column>& targets,
                Projection& out) const {
        if (!to_.empty() && targets.size() > 1)
            throw ParamError("\"to\" names one column; use suffix");
        for (const auto& column : targets) {
            const auto name = to_.empty() ? column.name + suffix_ : to_;
            must_be_free(relation, name);
            out.rename(column, name);
        }
    }
    static void drop(const Relation& relation, const std::vector<Column>& targets,
                     Projection& out) {
        if (targets.size() == relation.columns().size())
            throw ParamError("a relation without columns cannot be: leave one");
        for (const auto& column : targets) out.drop(column);
    }
    void add(const Relation& relation, const Call& call, Projection& out) const {
        must_be_free(relation, name_);
        const auto type = call.type_name(family_of(type_));
        out.add(name_, call.cast(has_value_ ? call.text(value_) : "NULL", type));
    }
    static void reorder(const Relation& relation, Projection& out) {
        std::vector<std::string> names;
        for (const auto& column : relation.columns()) names.push_back(column.name);
        std::reverse(names.begin(), names.end());
        out.reorder(names);
    }
    [[nodiscard]] Family target_type(const Column& column) const {
        if (!to_.empty()) return family_of(to_);
        switch (column.family) {
            case Family::integer:
            case Family::boolean:
            case Family::date:
            case Family::time:
            case Family::timestamp:
                return Family::text;
            case Family::decimal:
            case Family::floating:
                return Family::integer;
            default:
                throw ParamError("say \"to\" what " + column.name + ", a " + column.type +
                                 ", is retyped");
        }
    }
    static void must_be_free(const Relation& relation, const std::string& name) {
        if (relation.find(name) != nullptr)
            throw ParamError("there is a column named " + name + " already");
    }

    std::string mode_, to_, suffix_, name_, type_, value_;
    bool has_value_ = false;
};

}  // namespace

FAULTLINE_PLUGIN(SchemaDrift)
