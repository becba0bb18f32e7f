#include "engine/unfailing.h"

#include <algorithm>
#include <charconv>

#include "engine/computed_names.h"
#include "model/names.h"

namespace faultline::engine {
namespace {

using Json = nlohmann::json;

/// What an expression gives, as far as it decides whether the next one can fail.
enum class Kind {
    unsure,   ///< may fail, or nothing is known of it
    integer,  ///< of at most 64 bits
    decimal,  ///< of at most 18 digits
    wide,     ///< more digits than those
    floating,
    text,
    boolean,
    other
};

Kind kind_of(const std::string& type) {
    static const std::map<std::string, Kind> kinds{
        {"TINYINT", Kind::integer},    {"SMALLINT", Kind::integer},
        {"INTEGER", Kind::integer},    {"BIGINT", Kind::integer},
        {"UTINYINT", Kind::integer},   {"USMALLINT", Kind::integer},
        {"UINTEGER", Kind::integer},   {"UBIGINT", Kind::integer},
        {"HUGEINT", Kind::wide},       {"UHUGEINT", Kind::wide},
        {"DOUBLE", Kind::floating},    {"VARCHAR", Kind::text},
        {"BOOLEAN", Kind::boolean},    {"INTEGER_LITERAL", Kind::integer},
        {"STRING_LITERAL", Kind::text}};
    if (const auto known = kinds.find(type); known != kinds.end()) return known->second;
    constexpr std::string_view decimal = "DECIMAL(";
    if (!type.starts_with(decimal)) return Kind::other;
    int digits = 99;
    std::from_chars(type.data() + decimal.size(), type.data() + type.size(), digits);
    return digits <= 18 ? Kind::decimal : Kind::wide;
}

bool is_number(Kind kind) {
    return kind == Kind::integer || kind == Kind::decimal || kind == Kind::wide ||
           kind == Kind::floating;
}

/// The kind that two of them are brought to, where every value can be.
Kind common(Kind a, Kind b) {
    if (is_number(a) && is_number(b) && (a == Kind::floating || b == Kind::floating))
        return Kind::floating;
    if (a != b || a == Kind::other || a == Kind::wide) return Kind::unsure;
    return a == Kind::decimal ? Kind::wide : a;
}

/// Whether a FROM clause has tables alone, so that every name in scope is one of their columns.
bool has_tables_alone(const Json& from) {
    const auto& type = from.at("type").get_ref<const std::string&>();
    if (type == "JOIN")
        return has_tables_alone(from.at("left")) && has_tables_alone(from.at("right"));
    return type == "BASE_TABLE";
}

/// Goes through one expression.
class Judge {
  public:
    Judge(const Json& top, const std::map<std::string, Schema>& relations)
        : computed_(top),
          plain_(top.at("cte_map").at("map").empty() && has_tables_alone(top.at("from_table"))) {
        for (const auto& [relation, columns] : relations)
            for (const auto& column : columns) {
                const Kind kind = kind_of(column.type);
                const auto [at, is_new] = kinds_.emplace(model::fold_case(column.name), kind);
                if (!is_new && at->second != kind) at->second = Kind::unsure;
            }
    }
    [[nodiscard]] bool known() const { return computed_.known(); }

    [[nodiscard]] Kind of(const Json& expression) const {
        const auto& type = expression.at("class").get_ref<const std::string&>();
        if (type == "COLUMN_REF") return of_column(expression.at("column_names").back());
        if (type == "CONSTANT") return of_constant(expression.at("value"));
        if (type == "FUNCTION") return of_function(expression);
        if (type == "CAST") return of_cast(expression);
        if (type == "CASE") return of_case(expression);
        if (type == "COMPARISON")
            return comparable({of(expression.at("left")), of(expression.at("right"))});
        if (type == "BETWEEN")
            return comparable({of(expression.at("input")), of(expression.at("lower")),
                               of(expression.at("upper"))});
        if (type == "CONJUNCTION") return all(children(expression), Kind::boolean);
        if (type == "OPERATOR") return of_operator(expression);
        return Kind::unsure;
    }

  private:
    [[nodiscard]] Kind of_column(const std::string& name) const {
        const auto known = kinds_.find(model::fold_case(name));
        if (known == kinds_.end()) return Kind::unsure;
        const bool other = plain_ ? computed_.has_inside(name) : computed_.has(name);
        return other ? Kind::unsure : known->second;
    }
    static Kind of_constant(const Json& value) {
        if (value.at("is_null") == true) return Kind::unsure;
        const auto& id = value.at("type").at("id").get_ref<const std::string&>();
        if (id == "DECIMAL") {
            const int digits = value.at("type").at("type_info").at("width").get<int>();
            return digits <= 18 ? Kind::decimal : Kind::wide;
        }
        return kind_of(id);
    }
    [[nodiscard]] std::vector<Kind> children(const Json& expression) const {
        std::vector<Kind> kinds;
        for (const auto& child : expression.at("children")) kinds.push_back(of(child));
        return kinds;
    }
    static Kind all(const std::vector<Kind>& kinds, Kind kind) {
        return std::all_of(kinds.begin(), kinds.end(), [&](Kind k) { return k == kind; })
                   ? kind
                   : Kind::unsure;
    }
    static Kind brought_together(const std::vector<Kind>& kinds) {
        Kind kind = kinds.empty() ? Kind::unsure : kinds.front();
        for (std::size_t i = 1; i < kinds.size(); ++i) kind = common(kind, kinds[i]);
        return kind;
    }
    static Kind comparable(const std::vector<Kind>& kinds) {
        return brought_together(kinds) == Kind::unsure ? Kind::unsure : Kind::boolean;
    }
    [[nodiscard]] Kind of_operator(const Json& expression) const {
        const auto& type = expression.at("type").get_ref<const std::string&>();
        const auto kinds = children(expression);
        const bool sure = std::none_of(kinds.begin(), kinds.end(),
                                       [](Kind kind) { return kind == Kind::unsure; });
        if (!sure) return Kind::unsure;
        if (type == "OPERATOR_COALESCE") return brought_together(kinds);
        if (type == "OPERATOR_IS_NULL" || type == "OPERATOR_IS_NOT_NULL") return Kind::boolean;
        if (type == "OPERATOR_NOT") return all(kinds, Kind::boolean);
        if (type == "COMPARE_IN" || type == "COMPARE_NOT_IN") return comparable(kinds);
        return Kind::unsure;
    }
    [[nodiscard]] Kind of_case(const Json& expression) const {
        std::vector<Kind> values{of(expression.at("else_expr"))};
        for (const auto& check : expression.at("case_checks")) {
            if (of(check.at("when_expr")) != Kind::boolean) return Kind::unsure;
            values.push_back(of(check.at("then_expr")));
        }
        return brought_together(values);
    }
    [[nodiscard]] Kind of_cast(const Json& expression) const {
        const Kind kind = of(expression.at("child"));
        const auto& to = expression.at("cast_type").at("id").get_ref<const std::string&>();
        if (kind == Kind::unsure) return kind;
        if (to == "VARCHAR" && kind != Kind::other) return Kind::text;
        return to == "DOUBLE" && is_number(kind) ? Kind::floating : Kind::unsure;
    }
    [[nodiscard]] Kind of_function(const Json& expression) const {
        const auto& filter = expression.at("filter");
        if (!filter.is_null() && of(filter) != Kind::boolean) return Kind::unsure;
        if (!expression.at("order_bys").at("orders").empty()) return Kind::unsure;
        const auto& schema = expression.at("schema").get_ref<const std::string&>();
        if (!schema.empty() && schema != "main") return Kind::unsure;
        const auto name = model::fold_case(expression.at("function_name").get<std::string>());
        const auto kinds = children(expression);
        if (std::any_of(kinds.begin(), kinds.end(), [](Kind k) { return k == Kind::unsure; }))
            return Kind::unsure;
        if (name == "count_star") return Kind::integer;
        if (kinds.size() == 1) return of_one(name, kinds[0]);
        if (kinds.size() == 2) return of_two(name, kinds[0], kinds[1], expression);
        return Kind::unsure;
    }
    static Kind of_one(const std::string& name, Kind kind) {
        if (name == "count") return Kind::integer;
        if (name == "min" || name == "max" || name == "any_value") return kind;
        if (name == "sum" && (kind == Kind::integer || kind == Kind::decimal)) return Kind::wide;
        if (name == "avg" && is_number(kind) && kind != Kind::wide) return Kind::floating;
        const bool keeps = name == "sum" || name == "abs" || name == "round" || name == "floor" ||
                           name == "ceil" || name == "ceiling" || name == "-" || name == "+";
        if (keeps && kind == Kind::floating) return kind;
        if (kind != Kind::text) return Kind::unsure;
        if (name == "upper" || name == "lower" || name == "trim") return Kind::text;
        return name == "length" ? Kind::integer : Kind::unsure;
    }
    static Kind of_two(const std::string& name, Kind a, Kind b, const Json& expression) {
        if (name == "+" || name == "-" || name == "*")
            return common(a, b) == Kind::floating ? Kind::floating : Kind::unsure;
        if (name == "/") return is_number(a) && is_number(b) ? Kind::floating : Kind::unsure;
        if (name == "||") return a == Kind::text && b == Kind::text ? Kind::text : Kind::unsure;
        if (name == "least" || name == "greatest") return common(a, b);
        if (name == "nullif") return common(a, b) == Kind::unsure ? Kind::unsure : a;
        const bool constant = expression.at("children").at(1).at("class") == "CONSTANT";
        if (name == "round" && a == Kind::floating && b == Kind::integer && constant) return a;
        return Kind::unsure;
    }

    ComputedNames computed_;
    bool plain_;
    std::map<std::string, Kind> kinds_;
};

}  // namespace

std::set<std::string> unfailing_columns(const Json& top,
                                        const std::map<std::string, Schema>& relations,
                                        const Schema& result) {
    const Judge judge(top, relations);
    if (!judge.known()) return {};
    const auto& list = top.at("select_list");
    const bool by_place = list.size() == result.size() &&
                          std::none_of(list.begin(), list.end(),
                                       [](const Json& item) { return item.at("class") == "STAR"; });
    std::set<std::string> sure;
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (list[i].at("class") == "STAR" || judge.of(list[i]) == Kind::unsure) continue;
        const auto alias = list[i].value("alias", "");
        if (by_place) {
            sure.insert(result[i].name);
        } else if (!alias.empty()) {
            // A star may give a column of that name too; then neither is known by it.
            const auto named = std::count_if(result.begin(), result.end(), [&](const auto& column) {
                return model::fold_case(column.name) == model::fold_case(alias);
            });
            if (named == 1) sure.insert(alias);
        }
    }
    return sure;
}

}  // namespace faultline::engine
