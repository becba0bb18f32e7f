#include <algorithm>
#include <cctype>
#include <optional>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "faultline/plugin.hpp"
#include "struct_fields.h"

namespace {

using namespace faultline::sdk;

/// A type as users write it. The six words in lower case mean whatever the engine calls such a
/// column; any other spelling must be one of SQL's and goes to the engine as it is.
class TypeName {
  public:
    TypeName() = default;
    /// Throws ParamError that lists what can be written.
    explicit TypeName(std::string text) : text_(std::move(text)) {
        for (const auto& [word, family] : words())
            if (text_ == word) family_ = family;
        if (!family_ && !is_sql())
            throw ParamError("there is no type \"" + text_ +
                             "\": text, integer, double, boolean, date, timestamp, or SQL's name "
                             "of one, such as VARCHAR, BIGINT or DECIMAL(10,2)");
    }
    [[nodiscard]] std::string sql(const Call& call) const {
        return family_ ? call.type_name(*family_) : text_;
    }

  private:
    static const std::vector<std::pair<std::string, Family>>& words() {
        static const std::vector<std::pair<std::string, Family>> all{
            {"text", Family::text},       {"integer", Family::integer},
            {"double", Family::floating}, {"boolean", Family::boolean},
            {"date", Family::date},       {"timestamp", Family::timestamp}};
        return all;
    }
    /// A known name, perhaps with lengths: text of the user's that becomes SQL is never more.
    [[nodiscard]] bool is_sql() const {
        static const std::regex shape(
            "(VARCHAR|CHAR|TEXT|STRING|TINYINT|SMALLINT|INTEGER|INT|INT[1248]|BIGINT|HUGEINT|"
            "UTINYINT|USMALLINT|UINTEGER|UBIGINT|DOUBLE|DOUBLE PRECISION|FLOAT|FLOAT[48]|REAL|"
            "DECIMAL|NUMERIC|BOOLEAN|BOOL|DATE|TIME|TIMESTAMP|DATETIME|TIMESTAMPTZ|"
            "TIMESTAMP WITH TIME ZONE|TIMESTAMP_(S|MS|NS)|UUID|BLOB)"
            "( *\\( *[0-9]+ *(, *[0-9]+ *)?\\))?",
            std::regex::icase);
        return std::regex_match(text_, shape);
    }

    std::string text_;
    std::optional<Family> family_;
};

/// Changes the shape of a relation as a producer does who told nobody. On or off.
class SchemaDrift {
  public:
    static constexpr const char* describe = R"json({
      "name": "schema_drift",
      "version": "1.0.0",
      "summary": "Renames, drops, adds, moves, retypes, nests or flattens columns, or changes the case of their names",
      "keywords": ["schema change", "schema evolution", "breaking change", "data type",
        "type change", "column order", "removed column", "new column", "renamed column",
        "data contract", "casing"],
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
          "mode": {"enum": ["rename", "drop", "add", "reorder", "retype", "nest", "flatten", "upper", "lower"],
            "description": "what happens: rename, drop and retype need columns; reorder reverses the order of all of them; nest puts columns into one nested column at the end, flatten puts the fields of a nested column in its place as columns at the end; upper and lower change the letters of names, of all columns where none are stated"},
          "to": {"type": ["string", "null"], "minLength": 1, "default": null,
            "description": "rename: the new name (one column only); retype: text, integer, double, boolean, date or timestamp, or a type's name in SQL, such as VARCHAR or DECIMAL(10,2). Not set: the old name with the suffix; text for whole numbers, dates, timestamps and booleans, integer for other numbers"},
          "suffix": {"type": "string", "minLength": 1, "default": "_v2",
            "description": "rename: what is appended to the name where no new one is set"},
          "separator": {"type": "string", "default": "_",
            "description": "flatten: what stands between the column's name and the field's"},
          "name": {"type": "string", "minLength": 1, "default": "extra",
            "description": "add, nest: the new column's name"},
          "type": {"type": "string", "minLength": 1, "default": "text",
            "description": "add: the new column's type, spelled as for to"},
          "value": {"type": ["string", "number", "boolean", "null"], "default": null,
            "description": "add: the value in every row (not set: NULL)"},
          "count": {"type": "integer", "minimum": 1, "maximum": 10000, "default": 1,
            "description": "add: how many columns; from the second on, their names end in a number"}
        }
      },
      "examples": [
        {"mode": "rename", "columns": ["region"], "to": "area"},
        {"mode": "rename", "columns": {"type": "numeric"}},
        {"mode": "drop", "columns": ["note"]},
        {"mode": "add", "name": "added", "type": "integer", "value": 7},
        {"mode": "add", "count": 40},
        {"mode": "reorder"},
        {"mode": "retype", "columns": ["qty", "at", "score"]},
        {"mode": "retype", "columns": ["qty"], "to": "VARCHAR"},
        {"mode": "retype", "columns": ["price"], "to": "DECIMAL(12, 1)"},
        {"mode": "nest", "columns": ["qty", "price"], "name": "line"},
        {"mode": "upper", "columns": ["region"]}
      ]
    })json";

    explicit SchemaDrift(const nlohmann::json& params)
        : mode_(params.at("mode").get<std::string>()),
          to_(params.value("to", "")),
          suffix_(params.at("suffix").get<std::string>()),
          name_(params.at("name").get<std::string>()),
          separator_(params.at("separator").get<std::string>()),
          type_(params.at("type").get<std::string>()),
          count_(params.at("count").get<int>()) {
        if (params.contains("value")) {
            const auto& value = params.at("value");
            has_value_ = true;
            value_ = value.is_string() ? value.get<std::string>() : value.dump();
        }
        if (mode_ == "retype" && !to_.empty()) to_type_ = TypeName(to_);
        if (!to_.empty() && mode_ != "rename" && mode_ != "retype")
            throw ParamError("\"to\" is for rename and retype");
        if (count_ != 1 && mode_ != "add") throw ParamError("\"count\" is for add");
        if (name_.starts_with("__fl_") || (mode_ == "rename" && to_.starts_with("__fl_")))
            throw ParamError("names that begin with __fl_ are the harness's own");
    }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto targets = relation.targets();
        const bool cases = mode_ == "upper" || mode_ == "lower";
        if (targets.empty() && mode_ != "add" && mode_ != "reorder" && !cases)
            throw ParamError(mode_ + " needs columns");
        if (!targets.empty() && (mode_ == "add" || mode_ == "reorder"))
            throw ParamError(mode_ + " takes no columns: it is about all of them");
        Projection out(relation, call);
        if (mode_ == "rename") rename(relation, targets, out);
        if (mode_ == "drop") drop(relation, targets, out);
        if (mode_ == "add") add(relation, call, out);
        if (mode_ == "reorder") reorder(relation, out);
        if (mode_ == "nest") nest(relation, targets, call, out);
        if (mode_ == "flatten") flatten(relation, targets, call, out);
        if (cases) change_case(targets.empty() ? relation.columns() : targets, out);
        if (mode_ == "retype")
            for (const auto& column : targets) out.retype(column, target_type(column, call));
        return out.build();
    }

  private:
    void rename(const Relation& relation, const std::vector<Column>& targets,
                Projection& out) const {
        if (!to_.empty() && targets.size() > 1)
            throw ParamError("\"to\" names one column; use suffix");
        for (const auto& column : targets) {
            const auto name = to_.empty() ? column.name + suffix_ : to_;
            must_be_free(relation, name, column.name);
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
        const auto type = type_.sql(call);
        const auto value = has_value_ ? call.constant({name_, type, Family::other}, value_, "value")
                                      : call.cast("NULL", type);
        for (int i = 1; i <= count_; ++i) {
            const auto name = i == 1 ? name_ : name_ + "_" + std::to_string(i);
            must_be_free(relation, name);
            out.add(name, value);
        }
    }
    static void reorder(const Relation& relation, Projection& out) {
        std::vector<std::string> names;
        for (const auto& column : relation.columns()) names.push_back(column.name);
        std::reverse(names.begin(), names.end());
        out.reorder(names);
    }
    void nest(const Relation& relation, const std::vector<Column>& targets, const Call& call,
              Projection& out) const {
        must_be_free(relation, name_);
        std::string fields;
        for (const auto& column : targets) {
            fields +=
                (fields.empty() ? "" : ", ") + call.quote(column) + " := " + call.quote(column);
            out.drop(column);
        }
        out.add(name_, "struct_pack(" + fields + ")");
    }
    void flatten(const Relation& relation, const std::vector<Column>& targets, const Call& call,
                 Projection& out) const {
        for (const auto& column : targets) {
            const auto fields = faultline::schema_drift::struct_fields(column.type);
            if (fields.empty())
                throw ParamError(
                    "column " + column.name + " is a " + column.type +
                    ", which has no named fields to flatten; retype writes it as text");
            for (const auto& field : fields) {
                const auto name = column.name + separator_ + field;
                must_be_free(relation, name);
                out.add(name,
                        "struct_extract(" + call.quote(column) + ", " + call.text(field) + ")");
            }
            out.drop(column);
        }
    }
    /// ASCII alone: what other letters do depends on a locale.
    void change_case(const std::vector<Column>& columns, Projection& out) const {
        const bool upper = mode_ == "upper";
        bool changes = false;
        for (const auto& column : columns) {
            auto name = column.name;
            for (char& c : name) {
                if (upper && c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
                if (!upper && c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
            }
            changes = changes || name != column.name;
            out.rename(column, name);
        }
        if (!changes) throw ParamError("every name is in " + mode_ + " case already");
    }
    [[nodiscard]] std::string target_type(const Column& column, const Call& call) const {
        if (!to_.empty()) return to_type_.sql(call);
        switch (column.family) {
            case Family::integer:
            case Family::boolean:
            case Family::date:
            case Family::time:
            case Family::timestamp:
                return call.type_name(Family::text);
            case Family::decimal:
            case Family::floating:
                return call.type_name(Family::integer);
            default:
                throw ParamError("say \"to\" what " + column.name + ", a " + column.type +
                                 ", is retyped");
        }
    }
    /// SQL knows no case: "Status" beside "status" would be two columns that no step can tell
    /// apart. `itself` is the column that is to be called so.
    static void must_be_free(const Relation& relation, const std::string& name,
                             const std::string& itself = {}) {
        const auto same = [](char a, char b) {
            return std::tolower(static_cast<unsigned char>(a)) ==
                   std::tolower(static_cast<unsigned char>(b));
        };
        for (const auto& column : relation.columns())
            if (column.name != itself &&
                std::equal(column.name.begin(), column.name.end(), name.begin(), name.end(), same))
                throw ParamError("there is a column named " + column.name + " already");
    }

    std::string mode_, to_, suffix_, name_, separator_, value_;
    TypeName to_type_, type_;
    int count_ = 1;
    bool has_value_ = false;
};

}  // namespace

FAULTLINE_PLUGIN(SchemaDrift)
