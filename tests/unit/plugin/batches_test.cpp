#include <catch2/catch.hpp>

#include "bench.h"

// Faults of batches and of time, and their benign twins.

using namespace faultline;
using namespace faultline::plugin;

namespace {

const char* const days =
    "SELECT i AS id, DATE '2024-01-01' + CAST(i // 100 AS INTEGER) AS day, TIMESTAMP '2024-01-01 "
    "00:00:00' + to_hours(CAST(i * 8 AS BIGINT)) AS at, CAST(i AS DOUBLE) AS v FROM range(1000) "
    "t(i)";
const char* const before = "store.\"site\"";

}  // namespace

TEST_CASE("a batch delivered again is there as often as was asked for") {
    Bench bench(days, {"id"}, "day");
    const auto out =
        bench.apply(Bench::fault("repeated_batches", R"({"times": 2, "fraction": 0.3})"));
    CHECK(out.answer_keys[0].rows_added == 600);
    CHECK(bench.numbers("SELECT DISTINCT count(*) FROM (" + out.select +
                        ") GROUP BY day ORDER BY 1") == std::vector<std::int64_t>{100, 300});
}

TEST_CASE("a stale batch holds the rows of the batch before, and the answer key says so") {
    Bench bench(days, {"id"}, "day");
    const auto stale = [&](const std::string& params) {
        return bench.apply(Bench::fault("repeated_batches", params));
    };
    const auto last = stale(R"({"mode": "stale", "sampling": "latest", "fraction": 0.1})");
    CHECK(bench.count(last, "count(*) FILTER (day = DATE '2024-01-10' AND id // 100 = 8)") == 100);
    CHECK(bench.count(last, "max(id)") == 899);
    CHECK(last.answer_keys[0].rows_added == 100);
    CHECK(last.answer_keys[0].rows_removed == 100);
    // Each batch but the first holds the one before: what moved on is changed, the last is gone,
    // the first is there twice.
    const auto all = stale(R"({"mode": "stale", "fraction": 1})");
    CHECK(bench.count(all, "count(*) FILTER (id // 100 = 0)") == 200);
    CHECK(all.answer_keys[0].rows_added == 100);
    CHECK(all.answer_keys[0].rows_removed == 100);
    CHECK(all.answer_keys[0].cells.at("day") == 800);
    const auto backfill =
        stale(R"({"mode": "stale", "lag": -9, "sampling": "earliest", "fraction": 0.1})");
    CHECK(bench.count(backfill, "count(*) FILTER (day = DATE '2024-01-01' AND id // 100 = 9)") ==
          100);
    CHECK_THROWS_AS(stale(R"({"mode": "stale", "lag": 0})"), Error);
    Bench batchless(days);
    CHECK_THROWS_AS(batchless.apply(Bench::fault("repeated_batches", R"({"mode": "stale"})")),
                    Error);
}

TEST_CASE("batch_volume: whole factors are exact, others are reached on average") {
    Bench bench(days, {"id"}, "day");
    const auto triple =
        bench.apply(Bench::fault("batch_volume", R"({"factor": 3, "fraction": 0.2})"));
    CHECK(triple.answer_keys[0].rows_added == 400);
    CHECK(bench.count(triple, "count(DISTINCT id)") == 1400);
    const auto fault =
        Bench::fault("batch_volume", R"({"factor": 2.5, "keys": "same", "fraction": 1})");
    // At severity 0.6, a factor of 1.9: 900 of 1,000, σ 9.5. Six are 57.
    const auto more = bench.apply(fault, 0.6);
    CHECK(std::abs(more.answer_keys[0].rows_added - 900) < 57);
    CHECK(bench.count(more, "count(DISTINCT id)") == 1000);
    const auto fewer =
        bench.apply(Bench::fault("batch_volume", R"({"factor": 0, "fraction": 0.5})"));
    CHECK(fewer.answer_keys[0].rows_removed == 500);
    CHECK_FALSE(
        bench.apply(Bench::fault("batch_volume", R"({"factor": 1})")).answer_keys[0].expected_any);
}

TEST_CASE("new rows have keys that no other row has, of a key of several parts too") {
    Bench bench("SELECT i // 10 AS a, 'new-' || (i % 10) AS b FROM range(200) t(i)", {"a", "b"});
    const auto out =
        bench.apply(Bench::fault("resample", R"({"weight_factor": 4, "where": "a < 10"})"));
    CHECK(out.answer_keys[0].rows_added == 300);
    CHECK(bench.numbers("SELECT count(*) FROM (SELECT DISTINCT a, b FROM (" + out.select + "))") ==
          std::vector<std::int64_t>{500});
    Bench dated("SELECT DATE '2024-01-01' + CAST(i AS INTEGER) AS d FROM range(9) t(i)", {"d"});
    // The way out is one that the plugin has.
    CHECK_THROWS_WITH(dated.apply(Bench::fault("resample", R"({"weight_factor": 2})")),
                      Catch::Contains("set \"keys\" to \"same\""));
    CHECK_THROWS_WITH(dated.apply(Bench::fault("growth", R"({"more": 1})")),
                      Catch::Contains("batch_volume and resample repeat keys") &&
                          !Catch::Contains("set \"keys\""));
}

TEST_CASE("late rows come with a later batch, or have not come yet") {
    Bench bench(days, {"id"}, "day");
    const auto out = bench.apply(Bench::fault("late_rows", R"({"lag": 2, "fraction": 1})"));
    CHECK(out.answer_keys[0].rows_removed == 200);
    CHECK(out.answer_keys[0].cells.at("day") == 800);
    CHECK(bench.count(out,
                      "count(*) FILTER (day = DATE '2024-01-03' + CAST(id // 100 AS "
                      "INTEGER))") == 800);
    const auto stay =
        bench.apply(Bench::fault("late_rows", R"({"unarrived": "stay", "fraction": 1})"));
    CHECK(stay.answer_keys[0].rows_removed == 0);
    CHECK(stay.answer_keys[0].cells.at("day") == 900);
    Bench batchless(days);
    CHECK_THROWS_AS(batchless.apply(Bench::fault("late_rows", "{}")), Error);
}

TEST_CASE("times are set back by at most the delay, or beyond the latest by at most the days") {
    Bench bench(days, {"id"}, "day");
    const auto hours = [&](const Perturbed& out, const std::string& aggregate) {
        return bench.numbers(
            fmt::format("SELECT CAST({} AS BIGINT) FROM (SELECT extract(epoch FROM "
                        "p.at - s.at) / 3600 AS h FROM ({}) p JOIN {} s USING "
                        "(id)) d",
                        aggregate, out.select, before))[0];
    };
    const auto back = bench.apply(
        Bench::fault("out_of_order", R"({"columns": ["at"], "hours": 100, "fraction": 1})"));
    CHECK(hours(back, "count(*) FILTER (h >= 0 OR h < -100)") == 0);
    // Evenly up to 100: mean -50, standard error 0.9.
    CHECK(std::abs(hours(back, "avg(h)") + 50) <= 6);
    const auto ahead = bench.apply(
        Bench::fault("future_timestamps",
                     R"({"columns": ["at", "day"], "days": 10, "fraction": 0.1, "exact": true})"));
    CHECK(bench.count(ahead,
                      "count(*) FILTER (t.at > TIMESTAMP '2024-01-01 00:00:00' + "
                      "to_hours(7992) AND t.at <= TIMESTAMP '2024-01-11 00:00:00' + "
                      "to_hours(7992) AND day BETWEEN DATE '2024-01-11' AND DATE "
                      "'2024-01-20')") == 100);
    CHECK(ahead.answer_keys[0].cells.at("at") == 100);
    // Centuries: more seconds than a 32-bit number of them.
    const auto far = bench.apply(
        Bench::fault("future_timestamps", R"({"columns": ["at"], "days": 100000, "fraction": 1})"));
    CHECK(bench.count(far, "count(*) FILTER (t.at > TIMESTAMP '2150-01-01 00:00:00')") > 400);
}

TEST_CASE("summer time begins and ends when the rules say") {
    // Every hour of 2024: summer time is from 31 March to 27 October in the EU, from 10 March to
    // 3 November in the US.
    Bench bench(
        "SELECT i AS id, TIMESTAMP '2024-01-01 00:00:00' + to_hours(i) AS at FROM range(8784) "
        "t(i)");
    const auto moved = [&](const std::string& season, const char* from, const char* to) {
        const auto out = bench.apply(Bench::fault(
            "timezone_shift",
            fmt::format(R"({{"columns": ["at"], "hours": -5.5, "season": "{}"}})", season)));
        return bench.numbers(fmt::format(
            "SELECT count(*) FROM ({}) p JOIN {} s USING (id) WHERE p.at = s.at + CASE WHEN s.at "
            ">= TIMESTAMP '{}' AND s.at < TIMESTAMP '{}' THEN INTERVAL '-330 minutes' ELSE "
            "INTERVAL '0 minutes' END",
            out.select, before, from, to))[0];
    };
    CHECK(moved("eu_summer", "2024-03-31 01:00:00", "2024-10-27 01:00:00") == 8784);
    CHECK(moved("us_summer", "2024-03-10 02:00:00", "2024-11-03 02:00:00") == 8784);
    CHECK(moved("all_year", "2000-01-01 00:00:00", "2100-01-01 00:00:00") == 8784);
}

TEST_CASE("resample keeps the total where it is asked to") {
    Bench bench(days);
    const auto out = bench.apply(
        Bench::fault("resample", R"({"weight_factor": 3, "where": "id < 200", "total": "kept"})"));
    CHECK(bench.count(out, "count(*) FILTER (v < 200)") == 600);
    // 800 others at half their weight: 400, σ 14. Six are 85.
    CHECK(std::abs(bench.count(out, "count(*) FILTER (v >= 200)") - 400) < 85);
}

TEST_CASE("a drift is a shift along time, a ramp where nothing else is said") {
    Bench bench("SELECT i AS id, i AS t, CAST(7 AS DOUBLE) AS v FROM range(101) t(i)", {"id"}, "t");
    const auto same = [&](const std::string& params, const std::string& along) {
        INFO(params);
        const auto drift = bench.apply(
                       Bench::fault("drift", R"({"columns": ["v"], )" + params + "}"), 0.5),
                   shift = bench.apply(
                       Bench::fault("shift", R"({"columns": ["v"], )" + along + "}"), 0.5);
        CHECK(bench.numbers("SELECT count(*) FROM ((" + drift.select + ") EXCEPT (" + shift.select +
                            "))")[0] == 0);
        CHECK(drift.answer_keys[0].cells.at("v") > 0);
    };
    same(R"("delta": 100)", R"("delta": 100, "along": {"shape": "ramp"})");
    same(R"("relative": 2, "along": {"start": 0.2})",
         R"("relative": 2, "along": {"shape": "ramp", "start": 0.2})");
    same(R"("delta": 5, "along": {"shape": "season"}, "fraction": 0.5)",
         R"("delta": 5, "along": {"shape": "season"}, "fraction": 0.5)");
    Bench without("SELECT 1 AS id, CAST(7 AS DOUBLE) AS v");
    CHECK_THROWS_AS(without.apply(Bench::fault("drift", R"({"columns": ["v"]})")), Error);
}

TEST_CASE("benign twins change what they say and nothing else") {
    Bench bench(days, {"id"}, "day");
    const auto reversed = bench.apply(Bench::fault("row_order", R"({"order": "reversed"})"));
    CHECK(bench.numbers("SELECT id FROM (" + reversed.select + ") LIMIT 2") ==
          std::vector<std::int64_t>{999, 998});
    const auto shuffled = bench.apply(Bench::fault("row_order", "{}"));
    CHECK(bench.numbers("SELECT count(*) FROM (" + shuffled.select + " EXCEPT ALL SELECT * FROM " +
                        before + ")")[0] == 0);
    CHECK(bench.numbers("SELECT id FROM (" + shuffled.select + ") LIMIT 9") !=
          bench.numbers(std::string("SELECT id FROM ") + before + " LIMIT 9"));
    const auto added = bench.apply(Bench::fault("extra_column", R"({"name": "n", "value": 2})"));
    CHECK(added.columns.back().type == "BIGINT");
    CHECK(bench.count(added, "sum(n)") == 2000);
    CHECK_THROWS_AS(bench.apply(Bench::fault("extra_column", R"({"name": "day"})")), Error);
    // 100 of 1,000, σ 9.5; 40 of 100, σ 4.9. Six of each.
    const auto grown = bench.apply(Bench::fault("growth", "{}"));
    CHECK(std::abs(bench.count(grown) - 1100) < 57);
    CHECK(bench.count(grown, "count(DISTINCT id)") == bench.count(grown));
    const auto quiet = bench.apply(Bench::fault("holiday", "{}"));
    CHECK(std::abs(bench.count(quiet) - 960) < 30);
    CHECK(bench.numbers("SELECT count(*) FROM (SELECT day FROM (" + quiet.select +
                        ") GROUP BY day HAVING count(*) < 100)")[0] == 1);
}
