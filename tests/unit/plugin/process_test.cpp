#include <catch2/catch.hpp>
#include <set>

#include "bench.h"

// What a step's trouble leaves behind in its rows, against what the rows were.

using namespace faultline;
using namespace faultline::plugin;

namespace {

const char* const rows =
    "SELECT i AS id, DATE '2024-01-01' + CAST(i // 10 AS INTEGER) AS day, i % 4 AS grp, "
    "CAST(i AS DOUBLE) / 7 AS x, CAST(CAST(i AS DOUBLE) / 7 AS FLOAT) AS f, 100 - i AS down "
    "FROM range(100) t(i)";

std::set<std::int64_t> ids(Bench& bench, const Perturbed& out) {
    const auto found = bench.numbers("SELECT id FROM (" + out.select + ")");
    return {found.begin(), found.end()};
}

}  // namespace

TEST_CASE("partial_output keeps the stated share, the first rows of the stated order") {
    Bench bench(rows, {"id"}, "day");
    const auto prefix = bench.apply(Bench::fault("partial_output", R"({"keep": 0.3})"));
    CHECK(ids(bench, prefix).size() == 30);
    CHECK(*ids(bench, prefix).rbegin() == 29);
    CHECK(prefix.answer_keys[0].rows_removed == 70);
    const auto turned =
        bench.apply(Bench::fault("partial_output", R"({"keep": 0.3, "order_by": "down"})"));
    CHECK(*ids(bench, turned).begin() == 70);
    const auto half = bench.apply(Bench::fault("partial_output", R"({"keep": 0.3})"), 0.5);
    CHECK(ids(bench, half).size() == 65);

    const auto random = Bench::fault("partial_output", R"({"keep": 0.3, "part": "random"})");
    const auto a = ids(bench, bench.apply(random, 1, 1)), b = ids(bench, bench.apply(random, 1, 2));
    CHECK(a.size() == 30);
    CHECK(a != b);
    CHECK(random.draws());
    CHECK_FALSE(Bench::fault("partial_output", R"({"keep": 0.3})").draws());
    CHECK_THROWS_WITH(bench.apply(Bench::fault("partial_output", R"({"order_by": "nope"})")),
                      Catch::Contains("no column \"nope\""));
}

TEST_CASE("no_output is no rows and every column") {
    Bench bench(rows, {"id"}, "day");
    const auto out = bench.apply(Bench::fault("no_output", "{}"));
    CHECK(bench.count(out) == 0);
    CHECK(out.columns == bench.keyed.site.columns);
    CHECK(out.answer_keys[0].rows_removed == 100);
}

TEST_CASE("stale_output is the result of some batches ago") {
    Bench bench(std::string(rows) + " UNION ALL SELECT 1000, NULL, 0, 0, 0, 0", {"id"}, "day");
    const auto as_of = bench.apply(Bench::fault("stale_output", R"({"runs": 3})"));
    CHECK(bench.count(as_of) == 71);  // seven batches, and the row in none
    CHECK(bench.count(as_of, "max(CASE WHEN id < 1000 THEN id END)") == 69);
    const auto again = bench.apply(Bench::fault("stale_output", R"({"mode": "again", "runs": 2})"));
    CHECK(bench.count(again) == 101);
    CHECK(bench.numbers("SELECT id FROM (" + again.select +
                        ") WHERE day = DATE '2024-01-10' ORDER BY 1") ==
          bench.numbers("SELECT i FROM range(70, 80) t(i)"));
    CHECK(bench.count(again, "count(*) FILTER (WHERE id BETWEEN 70 AND 79)") == 20);
    CHECK(again.answer_keys[0].rows_added == 10);
    CHECK(again.answer_keys[0].rows_removed == 10);
    const auto all = bench.apply(Bench::fault("stale_output", R"({"runs": 1000})"));
    CHECK(bench.count(all) == 1);
    Bench without(rows);
    CHECK_THROWS_WITH(without.apply(Bench::fault("stale_output", "{}")),
                      Catch::Contains("no batch column"));
}

TEST_CASE("nondeterministic_output is off in the last digits alone, and differs from run to run") {
    Bench bench(rows);
    const auto fault =
        Bench::fault("nondeterministic_output", R"({"last_digits": 3, "order": false})");
    const auto one = bench.apply(fault, 1, 1), two = bench.apply(fault, 1, 2);
    // In units of the last place, a step of n becomes n to 2n of them, by rounding and mantissa.
    for (const auto& [column, unit] :
         {std::pair<const char*, const char*>{"x", "2.220446049250313e-16"},
          std::pair<const char*, const char*>{"f", "1.1920928955078125e-07"}}) {
        INFO(column);
        const auto off = fmt::format(
            "SELECT CAST(count(*) AS BIGINT) FROM ({0}) a JOIN store.site b USING (id) WHERE "
            "a.{1} <> b.{1} AND abs(CAST(a.{1} AS DOUBLE) / b.{1} - 1) < 4 * {2}",
            one.select, column, unit);
        CHECK(bench.numbers(off) == std::vector<std::int64_t>{99});  // all but 0
    }
    CHECK(one.answer_keys[0].cells.at("x") == 99);
    CHECK(bench.numbers(fmt::format("SELECT count(*) FROM ({}) a JOIN ({}) b USING (id) "
                                    "WHERE a.x <> b.x",
                                    one.select, two.select))[0] > 60);
    const auto order = Bench::fault("nondeterministic_output", R"({"last_digits": 0})");
    const auto first = bench.numbers("SELECT id FROM (" + bench.apply(order, 1, 1).select + ")"),
               second = bench.numbers("SELECT id FROM (" + bench.apply(order, 1, 2).select + ")");
    CHECK(first != second);
    CHECK(std::set<std::int64_t>(first.begin(), first.end()).size() == 100);
}

TEST_CASE("ties swap their winners in pairs, and nobody else does") {
    Bench bench(rows);
    const auto out = bench.apply(Bench::fault(
        "nondeterministic_output",
        R"({"ties": ["grp"], "winners": ["down"], "last_digits": 0, "order": false, "where": "id < 50"})"));
    CHECK(out.answer_keys[0].cells.at("down") == 48);  // 13, 13, 12 and 12 tie: one of 13 has none
    const auto join = fmt::format(" FROM ({}) a JOIN store.site b USING (id) ", out.select);
    CHECK(bench.numbers("SELECT count(*)" + join + "WHERE a.down <> b.down AND id >= 50")[0] == 0);
    // Who has my value now had it of a row that I tie with.
    CHECK(bench.numbers("SELECT count(*)" + join + "WHERE (100 - a.down) % 4 <> a.grp")[0] == 0);
    CHECK(bench.numbers("SELECT count(DISTINCT down) FROM (" + out.select + ")")[0] == 100);
    CHECK_THROWS_WITH(Bench::fault("nondeterministic_output", R"({"ties": ["grp"]})"),
                      Catch::Contains("go together"));
}
