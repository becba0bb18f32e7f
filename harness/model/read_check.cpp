#include "model/read_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/read_columns.h"
#include "model/rules.h"

namespace faultline::model {
namespace {

const OneOf<Expectation> expectation_name{{{"not_null", Expectation::not_null},
                                           {"unique", Expectation::unique},
                                           {"accepted_values", Expectation::accepted_values},
                                           {"relationships", Expectation::relationships},
                                           {"row_count", Expectation::row_count},
                                           {"range", Expectation::range},
                                           {"columns", Expectation::columns}}};

/// Every key that some expectation takes.
constexpr std::array argument_keys = {"columns", "values", "to", "field", "min", "max", "contract"};

bool sql_of_check(const Place& place, std::string& target) {
    if (!filled_text(place, target)) return false;
    return target.find("{node}") != std::string::npos ||
           place.refuse("a query over {node}, which stands for the node's relation");
}

bool scalars(const Place& place, Json& target) {
    if (!is_array_of_at_least(place, 1)) return false;
    bool good = true;
    for (std::size_t i = 0; i < place.value().size(); ++i) {
        const Place element = place.element(i);
        const Json& value = element.value();
        if (value.is_null() || value.is_structured())
            good = element.refuse("a string, a number, true or false");
    }
    target = place.value();
    return good;
}

bool one_column(const Place& place, std::vector<std::string>& target) {
    if (!names_of(column_name)(place, target)) return false;
    return target.size() == 1 || place.refuse("an array of one column");
}

/// `min`, `max`, or both, in order.
void read_bounds(ObjectReader& object, Check& check, const Number& number) {
    object.optional("min", check.min, number);
    object.optional("max", check.max, number);
    if (!object.has("min") && !object.has("max"))
        object.place().report("neither \"min\" nor \"max\"", "at least one of them");
    if (check.min && check.max && *check.min > *check.max)
        object.place().member("min").refuse(
            fmt::format("a minimum not above the maximum of {}", *check.max));
}

void read_arguments(ObjectReader& object, Check& check) {
    const auto columns = names_of(column_name, NameCase::fold);
    switch (*check.expectation) {
        case Expectation::not_null:
        case Expectation::unique:
            object.required("columns", check.columns, columns);
            break;
        case Expectation::accepted_values:
            object.required("columns", check.columns, columns);
            object.required("values", check.values, scalars);
            break;
        case Expectation::relationships:
            object.required("columns", check.columns, one_column);
            object.required("to", check.to, identifier);
            object.required("field", check.field, column_name);
            break;
        case Expectation::row_count:
            read_bounds(object, check, Number{.least = 0});
            break;
        case Expectation::range:
            object.required("columns", check.columns, columns);
            read_bounds(object, check, Number{});
            break;
        case Expectation::columns:
            object.optional("contract", check.contract, Columns{});
            break;
    }
}

}  // namespace

bool read_check(const Place& place, Check& check) {
    check.pointer = place.pointer();
    ObjectReader object(place);
    if (!object.is_object()) return false;
    object.required("id", check.id, identifier);
    object.required("node", check.node, identifier);
    object.exactly_one_of({"sql", "expect"});
    object.optional("sql", check.sql, sql_of_check);
    const bool expects = object.optional("expect", check.expectation, expectation_name);
    if (expects) read_arguments(object, check);
    for (const char* key : argument_keys) {
        if (object.knows(key)) continue;
        // Of an expectation that nobody knows, nobody knows the keys either.
        if (object.has("expect") && !expects) {
            object.allow(key);
        } else {
            object.only(key, expects ? "for an expectation that takes it" : "beside \"expect\"");
        }
    }
    object.close();
    return true;
}

}  // namespace faultline::model
