#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "bench.h"

// What the plugins of the group "missing" claim, recomputed from the input.

using namespace faultline;
using namespace faultline::plugin;

namespace {

/// x and y are 0 … 19999, each in an order of its own: uniform, and independent of each other.
const char* const two_orders =
    "SELECT i AS id, CAST((i * 7919) % 20000 AS DOUBLE) AS x, CAST((i * 12347 + 17) % 20000 AS "
    "DOUBLE) AS y FROM range(20000) t(i)";

/// How wide `column` is among the rows where x went missing, as a share of its whole variance.
double width(Bench& bench, const Perturbed& out, const std::string& column) {
    return std::get<double>(
        bench
            .query(fmt::format("SELECT var_pop(b.{0}) / (SELECT var_pop({0}) FROM store.\"site\") "
                               "FROM ({1}) a JOIN store.\"site\" b USING (id) WHERE a.x IS NULL",
                               column, out.select))
            .rows[0][0]);
}

}  // namespace

TEST_CASE("MCAR, MAR and MNAR leave masks that can be told apart") {
    Bench bench(two_orders);
    const auto mask = [&](const std::string& mechanism) {
        return bench.apply(Bench::fault(
            "nulls", R"({"columns": ["x"], "fraction": 0.3, "exact": true)" + mechanism + "}"));
    };
    const auto mcar = mask(""), mar = mask(R"(, "mechanism": "at_random_given", "given": "y")"),
               mnar = mask(R"(, "mechanism": "not_at_random")");
    for (const auto* out : {&mcar, &mar, &mnar})
        REQUIRE(bench.count(*out, "count(*) - count(x)") == 6000);
    // Chance leaves the spread of either column alone: the standard error of the variance of 6,000
    // uniform values is 1.2 %, so 6 % is 5 of them. A block of 0.3 of an order has 0.3² of it.
    const auto wide = Approx(1).margin(0.06), narrow = Approx(0.09).margin(0.001);
    CHECK(width(bench, mcar, "x") == wide);
    CHECK(width(bench, mcar, "y") == wide);
    CHECK(width(bench, mar, "x") == wide);
    CHECK(width(bench, mar, "y") == narrow);
    CHECK(width(bench, mnar, "x") == narrow);
    CHECK(width(bench, mnar, "y") == wide);
}

TEST_CASE("an exact share of NULLs is exact at every severity, and grows from itself") {
    Bench bench("SELECT i AS id, i AS v FROM range(1000) t(i)");
    const auto fault =
        Bench::fault("nulls", R"({"columns": ["v"], "fraction": 0.1, "exact": true})");
    std::vector<std::int64_t> smaller;
    for (const double severity : {0.05, 0.333, 0.5, 1.0}) {
        const auto out = bench.apply(fault, severity);
        const auto now =
            bench.numbers("SELECT id FROM (" + out.select + ") WHERE v IS NULL ORDER BY 1");
        REQUIRE(now.size() == static_cast<std::size_t>(std::floor(severity * 100 + 0.5)));
        REQUIRE(out.answer_keys[0].cells.at("v") == static_cast<std::int64_t>(now.size()));
        REQUIRE(std::includes(now.begin(), now.end(), smaller.begin(), smaller.end()));
        smaller = now;
    }
    // Not exact: a coin for each row. 100 ± 5 standard deviations.
    const auto coins = bench.apply(Bench::fault("nulls", R"({"columns": ["v"], "fraction": 0.1})"));
    REQUIRE(std::abs(coins.answer_keys[0].cells.at("v") - 100) < 48);
}

TEST_CASE("NULLs of every type") {
    Bench bench(
        "SELECT i AS id, [i] AS l, {'a': i} AS s, DATE '2024-01-01' AS d, 'x' AS t, "
        "CAST('a' AS ENUM ('a', 'b')) AS e FROM range(10) t(i)");
    const auto out = bench.apply(
        Bench::fault("nulls", R"({"columns": ["l", "s", "d", "t", "e"], "fraction": 1})"));
    REQUIRE(out.columns == bench.keyed.site.columns);
    REQUIRE(bench.count(out, "count(l) + count(s) + count(d) + count(t) + count(e)") == 0);
}

TEST_CASE("sentinels by type, over values, over NULLs, or both") {
    Bench bench(
        "SELECT i AS id, CASE WHEN i < 4 THEN NULL ELSE i END AS n, CASE WHEN i < 4 THEN NULL ELSE "
        "'t' END AS t, CASE WHEN i < 4 THEN NULL ELSE DATE '2024-01-01' END AS d FROM range(10) "
        "t(i)");
    const auto with = [&](const std::string& more) {
        return bench.apply(
            Bench::fault("sentinel", R"({"columns": ["n", "t", "d"], "fraction": 1)" + more + "}"));
    };
    const std::string all = "count(*) FILTER (n = -999 AND t = 'NULL' AND d = DATE '1970-01-01')";
    REQUIRE(bench.count(with(""), all) == 6);
    REQUIRE(bench.count(with(R"(, "replaces": "nulls")"), all) == 4);
    REQUIRE(bench.count(with(R"(, "replaces": "both")"), all) == 10);
    REQUIRE(bench.count(with(R"(, "text": "")"), "count(*) FILTER (t = '')") == 6);
    Bench unsigned_bench("SELECT i AS id, CAST(i AS UTINYINT) AS u FROM range(10) t(i)");
    REQUIRE_THROWS_WITH(unsigned_bench.apply(Bench::fault("sentinel", R"({"columns": ["u"]})")),
                        Catch::Contains("cannot hold"));
}

TEST_CASE("zeros and defaults go where they are sent") {
    Bench bench(
        "SELECT i AS id, CASE WHEN i < 4 THEN NULL ELSE CAST(i AS DOUBLE) END AS v, "
        "CASE WHEN i % 3 = 0 THEN 'b' ELSE 'a' || (i % 2) END AS c FROM range(12) t(i)");
    REQUIRE(bench.count(bench.apply(Bench::fault("zeros", R"({"columns": ["v"], "fraction": 1})")),
                        "count(*) FILTER (v = 0)") == 8);
    REQUIRE(bench.count(bench.apply(Bench::fault(
                            "zeros", R"({"columns": ["v"], "replaces": "nulls", "fraction": 1})")),
                        "count(*) FILTER (v = 0)") == 4);
    const auto filled = [&](const std::string& column, const std::string& more) {
        return bench.apply(Bench::fault(
            "default_value", R"({"columns": [")" + column + R"("], "fraction": 1, )" + more + "}"));
    };
    // a0, a1 and b come four times each: the smallest is the mode.
    REQUIRE(bench.count(filled("c", R"("default_is": "mode")"), "count(*) FILTER (c = 'a0')") ==
            12);
    REQUIRE(bench.count(filled("v", R"("default_is": "mean", "replaces": "nulls")"),
                        "count(*) FILTER (v = 7.5)") == 4);
    REQUIRE(bench.count(filled("v", R"("default_is": "largest", "replaces": "both")"),
                        "count(*) FILTER (v = 11)") == 12);
    REQUIRE(bench.count(filled("c", R"("value": "none")"), "count(*) FILTER (c = 'none')") == 12);
    REQUIRE_THROWS_WITH(filled("c", R"("default_is": "median")"), Catch::Contains("for numbers"));
}

TEST_CASE("a window of time is gone: contiguous, as long as asked for, and at the stated place") {
    Bench bench(
        "SELECT i AS id, TIMESTAMP '2024-01-01 00:00:00' + to_hours(CAST((i * 617) % 1000 AS "
        "BIGINT)) AS at, (i * 617) % 1000 AS hour, i % 2 AS g FROM range(1000) t(i)");
    const auto gone = [&](const std::string& params, double severity = 1,
                          std::uint64_t stream = 7) {
        const auto out = bench.apply(Bench::fault("time_window_gone", params), severity, stream);
        const auto hours =
            bench.numbers("SELECT hour FROM store.\"site\" WHERE id NOT IN (SELECT id FROM (" +
                          out.select + ")) ORDER BY 1");
        CHECK(out.answer_keys[0].rows_removed == static_cast<std::int64_t>(hours.size()));
        return hours;
    };
    const std::string fixed = R"({"columns": ["at"], "hours": 100)";
    std::set<std::int64_t> starts;
    for (const std::uint64_t stream : {1u, 2u, 3u, 4u, 5u}) {
        const auto full = gone(fixed + "}", 1, stream), half = gone(fixed + "}", 0.5, stream);
        REQUIRE(full.size() == 100);
        REQUIRE(full.back() - full.front() == 99);
        REQUIRE(half.size() == 50);
        REQUIRE(half.front() == full.front());
        starts.insert(full.front());
    }
    REQUIRE(starts.size() >= 4);
    REQUIRE(gone(fixed + R"(, "at": "start"})").back() == 99);
    REQUIRE(gone(fixed + R"(, "at": "end"})").front() == 900);
    REQUIRE(gone(fixed + R"(, "at": "end"})", 0.5).front() == 950);
    REQUIRE(gone(fixed + R"(, "from": "2024-01-03 00:00:00"})").front() == 48);
    REQUIRE(gone(fixed + R"(, "at": "start", "where": "g = 1"})").size() == 50);
    REQUIRE(gone(R"({"columns": ["at"], "share": 0.5, "at": "start"})").size() == 500);
    for (const char* at : {"random", "start", "end"})
        CHECK(gone(fmt::format(R"({{"columns": ["at"], "share": 1, "at": "{}"}})", at)).size() ==
              1000);
    // The last of dates is no timestamp any more, and in no window.
    Bench far(
        "SELECT i AS id, CASE WHEN i = 7 THEN DATE '5874897-12-31' ELSE DATE '2024-01-01' + "
        "CAST(i AS INTEGER) END AS day FROM range(100) t(i)");
    const auto left = far.apply(
        Bench::fault("time_window_gone", R"({"columns": ["day"], "hours": 240, "at": "start"})"));
    CHECK(far.count(left, "count(*) FILTER (id = 7 OR id > 9)") == 91);
    CHECK(left.answer_keys[0].rows_removed == 9);
}

TEST_CASE("what a rewrite looks up is of the relation as it receives it") {
    // 40 times 1, 30 times 2, 30 times 3: without the 1s the most frequent value is another.
    Bench bench(
        "SELECT i AS id, CASE WHEN i < 40 THEN 1 WHEN i < 70 THEN 2 ELSE 3 END AS kind, 'it''s' "
        "AS name FROM range(100) t(i)");
    const auto fill = Bench::fault("default_value", R"({"columns": ["kind"], "fraction": 1})");
    CHECK(bench.count(bench.apply(fill), "sum(kind)") == 100);
    const auto gone =
        Bench::fault("nulls", R"({"columns": ["kind"], "where": "kind = 1", "fraction": 1})");
    const auto both = bench.apply({{&gone, 1, 7}, {&fill, 1, 8}});
    CHECK(bench.count(both, "sum(kind)") == 60 * 2);
    CHECK(both.answer_keys[1].cells.at("kind") == 30);
    // Once known it is not asked again: as a constant it stands in the SQL.
    CHECK(bench.apply(fill).select.find("GROUP BY") == std::string::npos);
    const auto name = Bench::fault("default_value", R"({"columns": ["name"], "fraction": 0.5})");
    CHECK(bench.count(bench.apply(name), "count(CASE WHEN name = 'it''s' THEN 1 END)") == 100);
}
