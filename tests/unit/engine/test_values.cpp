#include <cmath>

#include "fixture.h"

using namespace faultline;
using namespace faultline::engine;
using namespace faultline::engine::test;

namespace {
struct Case {
    const char* sql;
    const char* type;
    TypeFamily family;
    Value value;
};
}  // namespace

TEST_CASE("every type of the engine becomes a value and keeps its spelling") {
    const auto engine = open_duckdb({});
    const auto connection = engine->connect();
    const std::int64_t big = 9223372036854775807;
    const std::vector<Case> cases{
        {"true", "BOOLEAN", TypeFamily::boolean, true},
        {"(-5)::TINYINT", "TINYINT", TypeFamily::integer, std::int64_t{-5}},
        {"300::SMALLINT", "SMALLINT", TypeFamily::integer, std::int64_t{300}},
        {"70000", "INTEGER", TypeFamily::integer, std::int64_t{70000}},
        {"9223372036854775807", "BIGINT", TypeFamily::integer, big},
        {"255::UTINYINT", "UTINYINT", TypeFamily::integer, std::int64_t{255}},
        {"65535::USMALLINT", "USMALLINT", TypeFamily::integer, std::int64_t{65535}},
        {"4294967295::UINTEGER", "UINTEGER", TypeFamily::integer, std::int64_t{4294967295}},
        {"7::UBIGINT", "UBIGINT", TypeFamily::integer, std::int64_t{7}},
        {"18446744073709551615::UBIGINT", "UBIGINT", TypeFamily::integer, 18446744073709551615.0},
        {"(-3)::HUGEINT", "HUGEINT", TypeFamily::integer, std::int64_t{-3}},
        {"1e30::HUGEINT", "HUGEINT", TypeFamily::integer, 1e30},
        {"9::UHUGEINT", "UHUGEINT", TypeFamily::integer, std::int64_t{9}},
        {"(1::BIGNUM)", "BIGNUM", TypeFamily::integer, std::string("1")},
        {"0.1::DECIMAL(4,1)", "DECIMAL(4,1)", TypeFamily::decimal, 0.1},
        {"-123.456::DECIMAL(9,3)", "DECIMAL(9,3)", TypeFamily::decimal, -123.456},
        {"12345678901234.56::DECIMAL(18,2)", "DECIMAL(18,2)", TypeFamily::decimal,
         12345678901234.56},
        {"0.12345678901234567890::DECIMAL(38,20)", "DECIMAL(38,20)", TypeFamily::decimal,
         0.12345678901234567890},
        {"0.5::FLOAT", "FLOAT", TypeFamily::floating, 0.5},
        {"0.1::DOUBLE", "DOUBLE", TypeFamily::floating, 0.1},
        {"'a string longer than twelve bytes'", "VARCHAR", TypeFamily::text,
         std::string("a string longer than twelve bytes")},
        {"'kurz'", "VARCHAR", TypeFamily::text, std::string("kurz")},
        {"'a' || chr(0) || 'b'", "VARCHAR", TypeFamily::text, std::string("a\0b", 3)},
        {"'b'::ENUM('a', 'b')", "ENUM('a', 'b')", TypeFamily::text, std::string("b")},
        {"'{\"a\": 1}'::JSON", "JSON", TypeFamily::text, std::string("{\"a\": 1}")},
        {"DATE '2024-02-29'", "DATE", TypeFamily::date, std::string("2024-02-29")},
        {"TIME '01:02:03.5'", "TIME", TypeFamily::time, std::string("01:02:03.5")},
        {"TIMETZ '01:02:03+02'", "TIME WITH TIME ZONE", TypeFamily::time,
         std::string("01:02:03+02")},
        {"TIMESTAMP '2024-02-29 01:02:03'", "TIMESTAMP", TypeFamily::timestamp,
         std::string("2024-02-29 01:02:03")},
        {"TIMESTAMP_S '2024-02-29 01:02:03'", "TIMESTAMP_S", TypeFamily::timestamp,
         std::string("2024-02-29 01:02:03")},
        {"TIMESTAMP_MS '2024-02-29 01:02:03.004'", "TIMESTAMP_MS", TypeFamily::timestamp,
         std::string("2024-02-29 01:02:03.004")},
        {"TIMESTAMP_NS '2024-02-29 01:02:03.000000004'", "TIMESTAMP_NS", TypeFamily::timestamp,
         std::string("2024-02-29 01:02:03.000000004")},
        {"TIMESTAMPTZ '2024-02-29 01:02:03+00'", "TIMESTAMP WITH TIME ZONE", TypeFamily::timestamp,
         std::string("2024-02-29 01:02:03+00")},
        {"INTERVAL 3 DAY", "INTERVAL", TypeFamily::interval, std::string("3 days")},
        {"'\\xAA'::BLOB", "BLOB", TypeFamily::binary, std::string("\\xAA")},
        {"'101'::BIT", "BIT", TypeFamily::binary, std::string("101")},
        {"'00000000-0000-0000-0000-000000000001'::UUID", "UUID", TypeFamily::other,
         std::string("00000000-0000-0000-0000-000000000001")},
        {"[1, 2]", "INTEGER[]", TypeFamily::nested, std::string("[1, 2]")},
        {"[1, 2]::INTEGER[2]", "INTEGER[2]", TypeFamily::nested, std::string("[1, 2]")},
        {"{'a': 1, 'b c': 'x'}", "STRUCT(\"a\" INTEGER, \"b c\" VARCHAR)", TypeFamily::nested,
         std::string("{'a': 1, 'b c': x}")},
        {"MAP {'k': 1}", "MAP(VARCHAR, INTEGER)", TypeFamily::nested, std::string("{k=1}")},
        {"1::UNION(num INTEGER, str VARCHAR)", "UNION(\"num\" INTEGER, \"str\" VARCHAR)",
         TypeFamily::nested, std::string("1")},
        {"NULL", "INTEGER", TypeFamily::integer, std::monostate{}},
        {"NULL::DATE", "DATE", TypeFamily::date, std::monostate{}},
    };
    for (const auto& c : cases) {
        INFO(c.sql);
        const std::string sql = std::string("SELECT ") + c.sql + " AS v";
        const Rows rows = connection->query(sql);
        REQUIRE(rows.rows.size() == 1);
        CHECK(rows.rows[0][0] == c.value);
        CHECK(rows.schema == Schema{{"v", c.type, c.family}});
        CHECK(connection->describe(sql) == rows.schema);
        // The spelling is fit for a cast.
        CHECK(connection->describe(std::string("SELECT CAST(NULL AS ") + c.type + ") AS v") ==
              rows.schema);
    }
}

TEST_CASE("numbers that are no numbers survive") {
    const auto engine = open_duckdb({});
    const auto connection = engine->connect();
    CHECK(std::isnan(std::get<double>(one(*connection, "SELECT 'nan'::DOUBLE"))));
    CHECK(std::get<double>(one(*connection, "SELECT '-inf'::DOUBLE")) == -INFINITY);
}

TEST_CASE("a query of many chunks keeps its order, its names and its casts") {
    const auto engine = open_duckdb({});
    const auto connection = engine->connect();
    const Rows rows = connection->query(
        "SELECT i AS n, DATE '2024-01-01' + i::INTEGER AS d, i AS n FROM range(5000) t(i) ORDER BY "
        "i DESC;  ");
    REQUIRE(rows.rows.size() == 5000);
    CHECK(rows.schema[1] == Column{"d", "DATE", TypeFamily::date});
    CHECK(rows.rows[0] ==
          std::vector<Value>{std::int64_t{4999}, std::string("2037-09-08"), std::int64_t{4999}});
    CHECK(std::get<std::int64_t>(rows.rows[4999][0]) == 0);
}

TEST_CASE("a PIVOT that lists no values runs, and is described, like any query") {
    const auto engine = open_duckdb({});
    const auto connection = engine->connect();
    connection->execute("CREATE TABLE t AS SELECT i % 3 AS a, i AS b FROM range(10) t(i)");
    const std::string sql = "SELECT * FROM (PIVOT t ON a USING sum(b))";
    CHECK(connection->describe(sql).size() == 3);
    CHECK(connection->query(sql).rows[0][0] == Value(std::int64_t{18}));
    connection->execute(engine->dialect().create_table_as("store.\"x\"", sql));
    CHECK(integer(*connection, "SELECT count(*) FROM store.x") == 1);
}

TEST_CASE("the dialect's doubles read back as the same bits") {
    const auto engine = open_duckdb({});
    const auto connection = engine->connect();
    const auto& dialect = engine->dialect();
    for (const double number :
         {0.0, -0.0, 1.0, -1.0, 0.1, 1.0 / 3.0, 1e22, 1e23, 5e-324, 1.7976931348623157e308,
          123456789012345680.0, -2.5e-7, 4294967296.0}) {
        INFO(number);
        // Written after a minus, where a second one would begin a comment.
        const double back =
            -std::get<double>(one(*connection, "SELECT -" + dialect.literal(number)));
        CHECK(back == number);
        CHECK(std::signbit(back) == std::signbit(number));
    }
    for (const double number : {NAN, INFINITY, -INFINITY})
        CHECK(connection->describe("SELECT " + dialect.literal(number))[0].type == "DOUBLE");
}
