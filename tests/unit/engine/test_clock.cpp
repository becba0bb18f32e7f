#include <algorithm>

#include "fixture.h"

using namespace faultline;
using namespace faultline::engine;
using namespace faultline::engine::test;

TEST_CASE("the clock is pinned, in every form that SQL has for it") {
    const auto engine = open_duckdb({.now = "2024-03-05T06:07:08"});
    engine->lock_down();
    const auto connection = engine->connect();
    for (const auto& [sql, value] : std::vector<std::pair<std::string, std::string>>{
             {"today()", "2024-03-05"},
             {"current_date", "2024-03-05"},
             {"CURRENT_DATE", "2024-03-05"},
             {"current_date()", "2024-03-05"},
             {"now()", "2024-03-05 06:07:08+00"},
             {"Now()", "2024-03-05 06:07:08+00"},
             {"current_timestamp", "2024-03-05 06:07:08+00"},
             {"get_current_timestamp()", "2024-03-05 06:07:08+00"},
             {"transaction_timestamp()", "2024-03-05 06:07:08+00"},
             {"localtimestamp", "2024-03-05 06:07:08"},
             {"current_localtimestamp()", "2024-03-05 06:07:08"},
             {"localtime", "06:07:08"},
             {"current_localtime()", "06:07:08"},
             {"current_time", "06:07:08+00"},
             {"get_current_time()", "06:07:08+00"},
             {"age(TIMESTAMP '2024-03-01')", "4 days"},
             {"age(DATE '2024-03-01')", "4 days"},
             {"age(TIMESTAMP '2024-03-02', TIMESTAMP '2024-03-01')", "1 day"},
             {"(SELECT max(d) FROM (SELECT current_date AS d FROM range(3)))", "2024-03-05"}}) {
        INFO(sql);
        CHECK(text(*connection, "SELECT CAST(" + sql + " AS VARCHAR)") == value);
        const Statement statement = engine->inspect("SELECT " + sql);
        const bool reported =
            std::any_of(statement.functions.begin(), statement.functions.end(),
                        [&](const std::string& function) {
                            return engine->is_volatile(function) && engine->pins(function);
                        });
        CHECK(reported);
    }
    CHECK(engine->is_volatile("system.main.now"));
    CHECK_FALSE(engine->pins("system.main.now"));
    for (const auto* chance :
         {"random", "uuid", "gen_random_uuid", "uuidv7", "nextval", "setseed", "tablesample"}) {
        CHECK(engine->is_volatile(chance));
        CHECK_FALSE(engine->pins(chance));
    }
    for (const auto* steady : {"sum", "hash", "date_trunc", "faultline_draw"})
        CHECK_FALSE(engine->is_volatile(steady));
}

TEST_CASE("the types of the pinned clock are the clock's own") {
    const auto free = open_duckdb({});
    const auto pinned = open_duckdb({.now = "2024-03-05 06:07:08.123456+02:00"});
    for (const auto* sql : {"today()", "current_date", "now()", "current_timestamp",
                            "get_current_timestamp()", "transaction_timestamp()", "localtimestamp",
                            "localtime", "current_time", "age(DATE '2020-01-01')"}) {
        INFO(sql);
        const std::string select = std::string("SELECT ") + sql + " AS v";
        CHECK(free->connect()->describe(select) == pinned->connect()->describe(select));
    }
    CHECK(text(*pinned->connect(), "SELECT now()") == "2024-03-05 04:07:08.123456+00");
    CHECK_FALSE(free->pins("now"));
    CHECK(free->is_volatile("now"));
    CHECK(error_of([] { open_duckdb({.now = "yesterday"}); }).kind() == ErrorKind::user);
}

TEST_CASE("every function that DuckDB itself calls unsteady is known as volatile") {
    const auto engine = open_duckdb({});
    const Rows rows = engine->connect()->query(
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE stability IN ('VOLATILE', "
        "'CONSISTENT_WITHIN_QUERY') "
        "AND function_name NOT IN ('error', 'write_log', 'current_database', 'current_schema', "
        "'current_schemas', "
        "'in_search_path') ORDER BY 1");
    REQUIRE(rows.rows.size() > 10);
    for (const auto& row : rows.rows) {
        const auto& function = std::get<std::string>(row[0]);
        INFO(function);
        CHECK(engine->is_volatile(function));
    }
}
