#include "engine/pins.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/dialect_duckdb.h"

namespace faultline::engine {
namespace {

struct Pin {
    std::string_view function;
    std::string_view parameters;
    std::string_view value;  ///< {now} is a TIMESTAMP WITH TIME ZONE, {utc} a TIMESTAMP
};

/// The keyword forms end in these functions too: CURRENT_TIMESTAMP calls get_current_timestamp().
constexpr std::array pins{
    Pin{"today", "()", "CAST({utc} AS DATE)"},
    Pin{"current_date", "()", "CAST({utc} AS DATE)"},
    Pin{"now", "()", "{now}"},
    Pin{"current_timestamp", "()", "{now}"},
    Pin{"get_current_timestamp", "()", "{now}"},
    Pin{"transaction_timestamp", "()", "{now}"},
    Pin{"localtimestamp", "()", "{utc}"},
    Pin{"current_localtimestamp", "()", "{utc}"},
    Pin{"localtime", "()", "CAST({utc} AS TIME)"},
    Pin{"current_localtime", "()", "CAST({utc} AS TIME)"},
    Pin{"current_time", "()", "CAST(CAST({utc} AS TIME) AS TIMETZ)"},
    Pin{"get_current_time", "()", "CAST(CAST({utc} AS TIME) AS TIMETZ)"},
};

constexpr std::array volatile_functions{
    std::string_view{"age"},
    std::string_view{"currval"},
    std::string_view{"current_connection_id"},
    std::string_view{"current_query"},
    std::string_view{"current_query_id"},
    std::string_view{"current_transaction_id"},
    std::string_view{"gen_random_uuid"},
    std::string_view{"nextval"},
    std::string_view{"random"},
    std::string_view{"setseed"},
    std::string_view{"stats"},
    std::string_view{"tablesample"},
    std::string_view{"txid_current"},
    std::string_view{"uuid"},
    std::string_view{"uuidv4"},
    std::string_view{"uuidv7"},
};

constexpr std::array keyword_functions{
    std::string_view{"current_date"},      std::string_view{"current_time"},
    std::string_view{"current_timestamp"}, std::string_view{"localtime"},
    std::string_view{"localtimestamp"},
};

constexpr std::array pure_table_functions{
    std::string_view{"generate_series"}, std::string_view{"json_each"},
    std::string_view{"json_tree"},       std::string_view{"range"},
    std::string_view{"repeat"},          std::string_view{"repeat_row"},
    std::string_view{"unnest"},
};

template <typename List>
bool contains(const List& list, std::string_view name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

bool pins_name(std::string_view name) {
    return name == "age" || std::any_of(pins.begin(), pins.end(),
                                        [&](const Pin& pin) { return pin.function == name; });
}

}  // namespace

bool is_volatile_function(const std::string& function) {
    const auto dot = function.rfind('.');
    const std::string_view name =
        std::string_view(function).substr(dot == std::string::npos ? 0 : dot + 1);
    return contains(volatile_functions, name) || pins_name(name);
}

bool is_pinned_function(const std::string& function) {
    return pins_name(function);
}

bool is_keyword_function(const std::string& name) {
    return contains(keyword_functions, name);
}

bool is_pure_table_function(const std::string& function) {
    return contains(pure_table_functions, function);
}

std::vector<std::string> pin_statements(const std::string& utc) {
    const DuckDbDialect dialect;
    const std::string instant =
        dialect.cast(dialect.literal(utc + "+00"), "TIMESTAMP WITH TIME ZONE");
    const std::string local = dialect.cast(dialect.literal(utc), "TIMESTAMP");
    std::vector<std::string> statements;
    for (const Pin& pin : pins)
        statements.push_back(
            fmt::format("CREATE MACRO main.{}{} AS {}", pin.function, pin.parameters,
                        fmt::format(fmt::runtime(pin.value), fmt::arg("now", instant),
                                    fmt::arg("utc", local))));
    // With one argument it counts from the clock; with two it does not, and must still work.
    statements.push_back(fmt::format(
        "CREATE MACRO main.age(x) AS system.main.age(date_trunc('day', {}), CAST(x AS TIMESTAMP)), "
        "(x, y) AS system.main.age(x, y)",
        local));
    return statements;
}

}  // namespace faultline::engine
