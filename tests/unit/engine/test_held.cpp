// Values held beside the engine, and looked up by place in its statements.
#include <catch2/catch.hpp>

#include "fixture.h"

using namespace faultline;
using namespace faultline::engine;

namespace {

constexpr std::size_t plenty = std::size_t{1} << 20;

struct Database {
    std::unique_ptr<SqlEngine> engine =
        open_duckdb({.memory_bytes = 0, .threads = 2, .scratch = {}, .now = {}, .seed = 0});
    std::unique_ptr<Connection> connection = engine->connect();
    /// The one value of a statement, as text.
    std::string one(const std::string& expression) {
        const auto rows = connection->query("SELECT CAST((" + expression + ") AS VARCHAR)");
        const auto* text = std::get_if<std::string>(&rows.rows.at(0).at(0));
        return text == nullptr ? "NULL" : *text;
    }
};

}  // namespace

TEST_CASE(
    "held values of every type of fixed width, and texts, come back as they are, of that type") {
    const auto row = GENERATE(table<std::string, std::string, std::string>({
        {"BOOLEAN", "true", "false"},
        {"TINYINT", "-128", "127"},
        {"USMALLINT", "0", "65535"},
        {"INTEGER", "-2147483648", "7"},
        {"BIGINT", "-9223372036854775808", "9223372036854775807"},
        {"HUGEINT", "-170141183460469231731687303715884105727", "1"},
        {"UHUGEINT", "340282366920938463463374607431768211455", "0"},
        {"FLOAT", "nan", "-0.0"},
        {"DOUBLE", "inf", "1e-310"},
        {"DECIMAL(4,1)", "-99.5", "0.1"},
        {"DECIMAL(9,2)", "-99.55", "0.01"},
        {"DECIMAL(18,3)", "123456789012345.678", "-1.000"},
        {"DECIMAL(38,10)", "1234567890123456789012345678.0123456789", "0.0000000001"},
        {"DATE", "1969-12-31", "infinity"},
        {"TIME", "23:59:59.999999", "00:00:00"},
        {"TIMESTAMP", "1969-12-31 23:59:59.5", "-infinity"},
        {"TIMESTAMP_S", "2024-02-29 00:00:00", "1970-01-01 00:00:00"},
        {"TIMESTAMP_NS", "2024-02-29 00:00:00.123456789", "1970-01-01 00:00:00"},
        {"TIMESTAMP WITH TIME ZONE", "2024-02-29 12:00:00+00", "1970-01-01 00:00:00+00"},
        {"UUID", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "00000000-0000-0000-0000-000000000001"},
        {"VARCHAR", "", "twelve bytes"},
        {"VARCHAR", "thirteen bytë", "an older text, and a longer one"},
    }));
    const std::string type = std::get<0>(row), first = std::get<1>(row), second = std::get<2>(row);
    INFO(type);
    Database db;
    const auto cast = [&](const std::string& text) {
        return "CAST('" + text + "' AS " + type + ")";
    };
    // Not in order, a NULL among them, and a place that is left out.
    const auto held =
        db.connection->hold("SELECT * FROM (VALUES (CAST(3 AS BIGINT), " + cast(second) +
                                "), (1, NULL), (0, " + cast(first) + ")) t(place, v)",
                            5, plenty);
    REQUIRE(held.size() == 1);
    const auto at = [&](const std::string& place) { return held[0]->at(place); };
    CHECK(db.one(at("CAST(0 AS BIGINT)")) == db.one(cast(first)));
    CHECK(db.one(at("CAST(3 AS BIGINT)")) == db.one(cast(second)));
    CHECK(db.one("typeof(" + at("CAST(0 AS BIGINT)") + ")") ==
          db.one("typeof(" + cast(first) + ")"));
    for (const char* nothing : {"1", "2", "4", "5", "-1", "9223372036854775807", "NULL"})
        CHECK(db.one(at("CAST(" + std::string(nothing) + " AS BIGINT)")) == "NULL");
}

TEST_CASE("many rows look up as a join does, on several threads and by other connections") {
    Database db;
    db.connection->execute(
        "CREATE TABLE store.t AS SELECT (i * 7919) % 100003 AS place, hash(i) % 1000 / 7.0 AS v, "
        "CAST(i % 3 AS INTEGER) AS w FROM range(100003) r(i) WHERE i % 5 <> 0");
    const auto held = db.connection->hold("SELECT place, v, w FROM store.t", 100003, plenty << 2);
    REQUIRE(held.size() == 2);
    const auto other = db.engine->connect();
    const auto wrong = other->query(
        "SELECT count(*) FROM range(200000) r(i) LEFT JOIN store.t ON place = i WHERE v IS "
        "DISTINCT "
        "FROM " +
        held[0]->at("i") + " OR w IS DISTINCT FROM " + held[1]->at("i"));
    CHECK(std::get<std::int64_t>(wrong.rows[0][0]) == 0);
    CHECK(db.one("SELECT count(" + held[0]->at("i") + ") FROM range(200000) r(i)") ==
          db.one("SELECT count(*) FROM store.t"));
}

TEST_CASE("what cannot be held is not run") {
    Database db;
    const std::string fails = "SELECT CAST(error('run') AS BIGINT), ";
    CHECK(db.connection->hold(fails + "CAST('{}' AS JSON)", 1, plenty).empty());
    CHECK(db.connection->hold(fails + "1, [1]", 1, plenty).empty());
    CHECK(db.connection->hold(fails + "CAST(1 AS BIGINT)", 1000, 8000).empty());
    CHECK(db.connection->hold("SELECT i, i FROM range(1000) r(i)", 1000, 8125).size() == 1);
    CHECK_THROWS_AS(db.connection->hold("SELECT 1, 2", 1, plenty), Error);
    CHECK_THROWS_AS(db.connection->hold("SELECT CAST(1 AS BIGINT)", 1, plenty), Error);
}

TEST_CASE("texts are held as far as their letters have room") {
    Database db;
    const std::string texts =
        "SELECT i, 'a text of twenty, ' || (i + 10) FROM range(90) r(i)";  // 20 letters each
    CHECK(db.connection->hold(texts, 90, 90 * 16 + 11 + 90 * 20).size() == 1);
    CHECK(db.connection->hold(texts, 90, 90 * 16 + 11 + 90 * 20 - 1).empty());
    const auto held = db.connection->hold(texts, 90, plenty);
    CHECK(held.at(0)->bytes() == 90 * 16 + 16 + 90 * 20);
    CHECK(db.one("SELECT count(*) FROM range(90) r(i) WHERE 'a text of twenty, ' || (i + 10) = " +
                 held[0]->at("i")) == "90");
    // Short ones take their place alone.
    CHECK(db.connection->hold("SELECT i, 'text ' || i FROM range(90) r(i)", 90, 90 * 16 + 11)
              .size() == 1);
}

TEST_CASE("a place that is none, or that is there twice, is an error") {
    Database db;
    for (const char* places : {"(0), (0)", "(0), (NULL)", "(-1)", "(2)"}) {
        INFO(places);
        const auto select =
            "SELECT CAST(p AS BIGINT), 1 FROM (VALUES " + std::string(places) + ") t(p)";
        CHECK_THROWS_WITH(db.connection->hold(select, 2, plenty), Catch::Contains("place"));
    }
}

TEST_CASE("what nobody holds any more cannot be looked up, and a statement keeps what it reads") {
    Database db;
    auto held = db.connection->hold("SELECT i, i * 2 FROM range(10) r(i)", 10, plenty);
    const auto sql = "SELECT CAST(sum(" + held.at(0)->at("i") + ") AS BIGINT) FROM range(10) r(i)";
    const std::weak_ptr<const HeldColumn> seen = held[0];
    CHECK(std::get<std::int64_t>(db.connection->query(sql).rows[0][0]) == 90);
    held.clear();
    CHECK(seen.expired());
    CHECK_THROWS_WITH(db.connection->query(sql), Catch::Contains("no values are held"));
    // A number that was never given, and what is no number.
    for (const char* told : {"CAST('99' AS ENUM('99'))", "CAST('x' AS ENUM('x'))", "'1'"})
        CHECK_THROWS_WITH(db.connection->query("SELECT faultline_held_1(CAST(1 AS BIGINT), " +
                                               std::string(told) + ")"),
                          Catch::Contains("no values are held"));
}
