#include <cmath>
#include <limits>

#include "core/draws.h"
#include "engine/dialect_duckdb.h"
#include "engine/draw_sql.h"
#include "engine/native_function.h"
#include "fixture.h"

using namespace faultline;
using namespace faultline::engine;
using namespace faultline::engine::test;

namespace {

/// DuckDB's SQL as an engine without a native draw would have it.
class Portable final : public DuckDbDialect {
  public:
    [[nodiscard]] std::string name() const override { return "portable"; }
    [[nodiscard]] bool draws_natively() const override { return false; }
};

struct Setup {
    Setup() : engine(open_duckdb({})), connection(engine->connect()) {
        connection->execute(
            "CREATE TABLE keys AS "
            "SELECT i::BIGINT AS k FROM range(-300, 300) t(i) UNION ALL "
            "SELECT i * 30744573456182586 AS k FROM range(-300, 300) t(i) UNION ALL "
            "SELECT unnest([9223372036854775807, -9223372036854775808, 4294967295, 4294967296, "
            "-4294967296, -4294967297, 2147483648, -2147483648]) AS k");
    }
    std::unique_ptr<SqlEngine> engine;
    std::unique_ptr<Connection> connection;
};

constexpr std::uint64_t streams[] = {
    0, 1, 0xffffffffu, 0x100000000u, 0x8000000080000000u, 0xffffffffffffffffu, 0x0123456789abcdefu};
constexpr std::uint32_t indexes[] = {0, 1, 999, 1000, 0xffffffffu};

}  // namespace

TEST_CASE("draws in SQL are the draws in C++, natively and as arithmetic", "[sweep]") {
    const Setup setup;
    const Portable portable;
    for (const Dialect* dialect :
         {&setup.engine->dialect(), static_cast<const Dialect*>(&portable)}) {
        for (const auto stream : streams) {
            for (const auto index : indexes) {
                INFO(dialect->name() << ", stream " << stream << ", index " << index);
                const Rows rows = setup.connection->query(
                    "SELECT k, " + draw_expression(*dialect, "k", stream, index) + ", " +
                    uniform_expression(*dialect, "k", stream, index) + ", " +
                    up_to_expression(*dialect, "k", stream, index, 2252933619, 0) + " FROM keys");
                REQUIRE(rows.rows.size() == 1208);
                CHECK(rows.schema[1].type == "BIGINT");
                CHECK(rows.schema[2].type == "DOUBLE");
                int wrong = 0;
                for (const auto& row : rows.rows) {
                    const auto key = std::get<std::int64_t>(row[0]);
                    wrong += std::get<std::int64_t>(row[1]) != draw(key, stream, index);
                    wrong += std::get<double>(row[2]) != uniform(key, stream, index);
                    const auto drawn = draw(key, stream, index);
                    wrong += std::get<bool>(row[3]) !=
                             (drawn < 2252933619u || (drawn == 2252933619u && key <= 0));
                }
                CHECK(wrong == 0);
            }
        }
    }
}

TEST_CASE("a key that is NULL draws NULL") {
    const Setup setup;
    CHECK(one(*setup.connection,
              "SELECT " + draw_expression(setup.engine->dialect(), "NULL::BIGINT", 1, 2))
              .index() == 0);
    CHECK(one(*setup.connection, "SELECT " + draw_expression(Portable(), "NULL::BIGINT", 1, 2))
              .index() == 0);
}

TEST_CASE("normals in SQL are the normals in C++, natively and as arithmetic") {
    const Setup setup;
    const Portable portable;
    for (const Dialect* dialect :
         {&setup.engine->dialect(), static_cast<const Dialect*>(&portable)}) {
        for (const double deviation : {1.0, 1e-300, -0.7, 12.5}) {
            INFO(dialect->name() << ", deviation " << deviation);
            const Rows rows = setup.connection->query(
                "SELECT k, " + normal_expression(*dialect, "k", 77, 3, deviation) + " FROM keys");
            REQUIRE(rows.rows.size() == 1208);
            CHECK(rows.schema[1].type == "DOUBLE");
            int wrong = 0, tails = 0;
            for (const auto& row : rows.rows) {
                const double expected = normal(std::get<std::int64_t>(row[0]), 77, 3);
                wrong += std::get<double>(row[1]) != deviation * expected;
                tails += std::abs(expected) > 1.44 ? 1 : 0;
            }
            CHECK(wrong == 0);
            CHECK(tails > 100);  // both pieces of the quantile function were met
        }
    }
}

TEST_CASE("up to a draw and a key: ties by the key, ends included") {
    const Setup setup;
    const Portable portable;
    const auto at_zero = static_cast<std::int64_t>(draw(0, 0, 0));
    for (const Dialect* dialect :
         {&setup.engine->dialect(), static_cast<const Dialect*>(&portable)}) {
        INFO(dialect->name());
        const auto hit = [&](std::int64_t last_draw, std::int64_t last_key) {
            return std::get<bool>(one(
                *setup.connection, "SELECT " +
                                       up_to_expression(*dialect, "k", 0, 0, last_draw, last_key) +
                                       " FROM (SELECT CAST(0 AS BIGINT) AS k)"));
        };
        CHECK(hit(at_zero, 0));
        CHECK_FALSE(hit(at_zero, -1));
        CHECK_FALSE(hit(at_zero - 1, 0));
        CHECK(hit(at_zero + 1, -1));
        CHECK_FALSE(hit(-1, 9223372036854775807));
        CHECK(hit(4294967296, -9223372036854775807));
    }
}

TEST_CASE("a uniform number lies below a share where a comparison says so") {
    const Setup setup;
    const Portable portable;
    // The uniform of key 0 itself, and the numbers on either side of it.
    const double own = uniform(0, 5, 1);
    for (const double share : {0.0, 1e-12, 0x1p-33, 0x1.8p-33, 0.1, 0.25, 1.0 / 3, own,
                               std::nextafter(own, 0), std::nextafter(own, 1), 0.9, 1.0, 2.0})
        for (const Dialect* dialect :
             {&setup.engine->dialect(), static_cast<const Dialect*>(&portable)}) {
            INFO(dialect->name() << ", " << share);
            const auto compared =
                uniform_expression(*dialect, "k", 5, 1) + " < " + dialect->literal(share);
            CHECK(integer(*setup.connection,
                          "SELECT count(*) FROM keys WHERE (" + compared + ") IS DISTINCT FROM " +
                              below_expression(*dialect, "k", 5, 1, share)) == 0);
        }
}

TEST_CASE("numbers are cut to what lies between two, as conditions would cut them") {
    const Setup setup;
    setup.connection->execute(
        "CREATE TABLE numbers AS SELECT unnest([NULL, 'nan', 'inf', '-inf', '0', '-0', '1', '-1', "
        "'0.5', '0.9999999999999999', '1.0000000000000002', '2', '-7'])::DOUBLE AS x");
    const auto& dialect = setup.engine->dialect();
    const auto cut = [&](double low, double high) {
        const auto below = dialect.literal(low), above = dialect.literal(high);
        const auto expected = "CASE WHEN x > " + above + " AND NOT isnan(x) THEN " + above +
                              " WHEN x < " + below + " THEN " + below + " ELSE x END";
        return integer(*setup.connection, "SELECT count(*) FROM numbers WHERE (" + expected +
                                              ") IS DISTINCT FROM " +
                                              dialect.clamped("x", below, above));
    };
    const double all = std::numeric_limits<double>::infinity();
    CHECK(cut(-1, 1) == 0);
    CHECK(cut(0.5, 0.5) == 0);
    CHECK(cut(-all, 1) == 0);
    CHECK(cut(0, all) == 0);
    CHECK(cut(-all, all) == 0);
    CHECK(integer(*setup.connection, "SELECT count(*) FROM numbers WHERE " +
                                         dialect.clamped("x", "-1e0", "1e0") + " <> x") == 5);
}

TEST_CASE("which draw is meant must be a constant of our writing") {
    const Setup setup;
    const auto run = [&](const std::string& which) {
        setup.connection->query("SELECT max(faultline_draw(k, " + which + ")) FROM keys");
    };
    run(tell("1/2"));
    for (const char* other :
         {"'1/2'", "CAST(k AS VARCHAR)", "CAST(CASE WHEN k > 0 THEN '1/2' END AS ENUM('1/2'))",
          "CAST('1/2' AS ENUM('1/2', '1/3'))"}) {
        INFO(other);
        CHECK_THROWS_WITH(run(other), Catch::Contains("must be a constant of our writing"));
    }
    for (const char* wrong : {"", "1", "1/", "1/2/3", "1/-2", "x", "1/2 "}) {
        INFO(wrong);
        CHECK_THROWS_WITH(run(tell(wrong)), Catch::Contains("must be a constant of our writing"));
    }
}

TEST_CASE("draws that are told apart by nothing but their type are told apart") {
    const Setup setup;
    const auto& dialect = setup.engine->dialect();
    // The engine computes once what is the same twice.
    const auto rows = setup.connection->query(
        "SELECT k, " + draw_expression(dialect, "k", 5, 1) + " AS a, " +
        draw_expression(dialect, "k", 5, 2) + " AS b FROM keys WHERE " +
        draw_expression(dialect, "k", 5, 1) + " <> " + draw_expression(dialect, "k", 5, 2));
    CHECK(rows.rows.size() == 1208);
    for (const auto& row : rows.rows) {
        const auto key = std::get<std::int64_t>(row[0]);
        CHECK(std::get<std::int64_t>(row[1]) == draw(key, 5, 1));
        CHECK(std::get<std::int64_t>(row[2]) == draw(key, 5, 2));
    }
}

TEST_CASE("two numbers differ natively where IS DISTINCT FROM says so") {
    const Setup setup;
    setup.connection->execute(
        "CREATE TABLE doubles AS SELECT unnest([NULL, 'nan', '-nan', 'inf', '-inf', '0', '-0', '1',"
        " '1.0000000000000002', '5e-324'])::DOUBLE AS x");
    const auto& dialect = setup.engine->dialect();
    const auto native = dialect.differs("DOUBLE", "a.x", "b.x");
    REQUIRE(native.find("DISTINCT") == std::string::npos);
    const auto disagree = " FROM doubles a, doubles b WHERE (" + native + ") IS DISTINCT FROM (" +
                          dialect.differs("a.x", "b.x") + ")";
    CHECK(integer(*setup.connection, "SELECT count(*) FROM doubles a, doubles b WHERE " + native) ==
          86);  // of 100 pairs: not each with itself, the two NaNs, the two zeros
    CHECK(integer(*setup.connection, "SELECT count(*)" + disagree) == 0);
    // A whole vector of constants, and of NULLs.
    CHECK(integer(*setup.connection, "SELECT count(*) FROM range(5000) WHERE " +
                                         dialect.differs("DOUBLE", "CAST(NULL AS DOUBLE)",
                                                         "CAST(NULL AS DOUBLE)")) == 0);
    CHECK(integer(*setup.connection, "SELECT count(*) FROM range(5000) t(i) WHERE " +
                                         dialect.differs("DOUBLE", "CAST(NULL AS DOUBLE)",
                                                         "CAST(i AS DOUBLE)")) == 5000);
    // Other types are compared by the engine itself.
    CHECK(dialect.differs("FLOAT", "a", "b").find("DISTINCT") != std::string::npos);
}

TEST_CASE("normals have the mean, spread and tails of normals") {
    const Setup setup;
    const auto& dialect = setup.engine->dialect();
    setup.connection->execute(
        "CREATE TABLE n AS SELECT " + normal_expression(dialect, "i", stream_of(7, "noise", 0), 0) +
        " AS a, " + normal_expression(dialect, "i", stream_of(7, "noise", 0), 1) +
        " AS b FROM range(1000000) t(i)");
    const Rows rows = setup.connection->query(
        "SELECT avg(a), var_pop(a), kurtosis_pop(a), corr(a, b), avg((abs(a) > "
        "1.959963984540054)::INTEGER), "
        "avg((abs(b) > 3.290526731491926)::INTEGER), count(*) FILTER (isnan(a) OR isinf(a)) FROM "
        "n");
    const auto at = [&](std::size_t i) { return std::get<double>(rows.rows[0][i]); };
    // Five standard errors each at a million rows: 6e-7 that true normals fail one.
    CHECK(std::abs(at(0)) < 5 * 0.001);
    CHECK(std::abs(at(1) - 1) < 5 * std::sqrt(2.0) * 0.001);
    CHECK(std::abs(at(2)) < 5 * std::sqrt(24.0) * 0.001);
    CHECK(std::abs(at(3)) < 5 * 0.001);
    CHECK(std::abs(at(4) - 0.05) < 5 * std::sqrt(0.05 * 0.95) * 0.001);
    CHECK(std::abs(at(5) - 0.001) < 5 * std::sqrt(0.001) * 0.001);
    CHECK(std::get<std::int64_t>(rows.rows[0][6]) == 0);
}

TEST_CASE("normals and uniforms share no draw") {
    const DuckDbDialect dialect;
    const std::string normal = normal_expression(dialect, "k", 0, 0);
    CHECK(normal.find("'0/1000/1'") != std::string::npos);
    CHECK(normal_expression(dialect, "k", 0, 1).find("'0/1001/1'") != std::string::npos);
}

TEST_CASE("hashed text is the leading 60 bits of its MD5") {
    const Setup setup;
    // md5("abc") = 900150983cd24fb0 d6963f7d28e17f72
    CHECK(integer(*setup.connection, "SELECT " + setup.engine->dialect().hash_text("'abc'")) ==
          0x900150983cd24fb);
    CHECK(integer(*setup.connection, "SELECT min(" + setup.engine->dialect().hash_text("i") +
                                         ") FROM range(1000) t(i)") >= 0);
}
