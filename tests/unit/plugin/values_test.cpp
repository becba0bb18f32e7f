#include <catch2/catch.hpp>
#include <cmath>

#include "bench.h"

// What the plugins of the group "values" claim for numbers, recomputed from the input.

using namespace faultline;
using namespace faultline::plugin;

namespace {

/// v is spread over [0, 1000) without order; k is v as a whole number, d as a decimal.
const char* const thousand =
    "SELECT i AS id, CAST((i * 617) % 1000 AS DOUBLE) AS v, CAST((i * 617) % 1000 AS INTEGER) AS "
    "k, CAST((i * 617) % 1000 AS DECIMAL(12,2)) AS d, i % 7 AS g, CAST(i AS DOUBLE) AS w "
    "FROM range(1000) t(i)";

/// Rows of the result for which `wrong` holds; `b` is the input's row, `a` the result's.
std::int64_t rows_where(Bench& bench, const Perturbed& out, const std::string& wrong) {
    return bench.numbers(
        fmt::format("SELECT count(*) FROM ({}) a JOIN store.\"site\" b USING (id) WHERE {}",
                    out.select, wrong))[0];
}

std::string refusal(Bench& bench, const std::string& plugin, const std::string& params) {
    try {
        bench.apply(Bench::fault(plugin, params));
    } catch (const Error& e) {
        return e.kind() == ErrorKind::user ? e.what() : "not the user's: " + std::string(e.what());
    }
    return "accepted";
}

}  // namespace

TEST_CASE("scale multiplies by the factor to the power of the severity") {
    Bench bench(thousand);
    const auto fault = Bench::fault("scale", R"({"columns": ["v", "k"], "factor": 100})");
    REQUIRE(rows_where(bench, bench.apply(fault), "a.v <> b.v * 100 OR a.k <> b.k * 100") == 0);
    const auto half = bench.apply(fault, 0.5);
    REQUIRE(rows_where(bench, half, "a.v <> b.v * 10 OR a.k <> b.k * 10") == 0);
    REQUIRE(half.answer_keys[0].cells.at("v") == 999);  // 0 stays 0
}

TEST_CASE("scaled around its mean, a column keeps it and spreads") {
    Bench bench(thousand);
    const auto out =
        bench.apply(Bench::fault("scale", R"({"columns": ["v"], "factor": 2, "around": "mean"})"));
    REQUIRE(rows_where(bench, out, "abs(a.v - (499.5 + (b.v - 499.5) * 2)) > 1e-9") == 0);
    REQUIRE(rows_where(bench, out, "a.v <> b.v") == 1000);
}

TEST_CASE("unit errors convert a share of the rows, wholly") {
    Bench bench(thousand);
    const auto out = bench.apply(Bench::fault(
        "unit_error",
        R"({"columns": ["v", "d"], "unit": "fahrenheit_from_celsius", "fraction": 0.4, "exact": true})"));
    REQUIRE(rows_where(bench, out, "a.v = b.v * 9 / 5 + 32 AND a.d = b.d * 1.8 + 32") == 400);
    REQUIRE(rows_where(bench, out, "a.v = b.v AND a.d = b.d") == 600);
    const auto cents = bench.apply(
        Bench::fault("unit_error", R"({"columns": ["d"], "unit": "units_from_cents"})"));
    REQUIRE(rows_where(bench, cents, "a.d <> CAST(b.v / 100 AS DECIMAL(12,2))") == 0);
    const auto own =
        bench.apply(Bench::fault("unit_error", R"({"columns": ["v"], "factor": 3, "offset": 1})"));
    REQUIRE(rows_where(bench, own, "a.v <> b.v * 3 + 1") == 0);
}

TEST_CASE("outliers lie the stated number of spreads away, on the stated side") {
    Bench bench(thousand);
    const double sigma = std::sqrt(1000.0 * 1001.0 / 12);  // of 0 … 999, n - 1 below
    const auto with = [&](const std::string& more, double severity = 1) {
        return bench.apply(
            Bench::fault("outlier", R"({"columns": ["v"], "fraction": 1, )" + more + "}"),
            severity);
    };
    const auto off = [&](double distance) {
        return fmt::format("abs(abs(a.v - b.v) - {:.17g}) > 1e-9", distance);
    };
    REQUIRE(rows_where(bench, with(R"("multiples": 4)"), off(4 * sigma)) == 0);
    REQUIRE(rows_where(bench, with(R"("multiples": 4)", 0.25), off(sigma)) == 0);
    REQUIRE(rows_where(bench, with(R"("multiples": 4)"),
                       "(a.v > b.v) <> (b.v > 499.5)") == 0);  // away from the median
    const auto iqr = with(R"("multiples": 2, "spread": "iqr", "side": "up")");
    REQUIRE(rows_where(bench, iqr, "abs(a.v - b.v - 2 * 499.5) > 1e-9") == 0);
    const auto both = with(R"("side": "both")");
    // 1,000 fair coins: 420 … 580 is 5 standard deviations.
    REQUIRE(std::abs(rows_where(bench, both, "a.v > b.v") - 500) < 80);
}

TEST_CASE("clip cuts what lies beyond and nothing else") {
    Bench bench(thousand);
    const auto tails = Bench::fault("clip", R"({"columns": ["v"], "tail": 0.1})");
    // Quantiles 0.1 and 0.9 of 0 … 999 are 99.9 and 899.1.
    REQUIRE(rows_where(bench, bench.apply(tails),
                       "abs(a.v - least(greatest(b.v, 99.9), 899.1)) > 1e-9") == 0);
    REQUIRE(rows_where(bench, bench.apply(tails, 0.5),
                       "abs(a.v - least(greatest(b.v, 49.95), 949.05)) > 1e-9") == 0);
    const auto upper =
        bench.apply(Bench::fault("clip", R"({"columns": ["k"], "upper": 599})"), 0.5);
    REQUIRE(rows_where(bench, upper, "a.k <> least(b.k, 799)") == 0);
    REQUIRE(upper.answer_keys[0].cells.at("k") == 200);
}

TEST_CASE("round leaves what the grid has") {
    Bench bench(
        "SELECT i AS id, i * 1.37e0 - 500 AS v, CAST(i * 1.37 AS DECIMAL(10,2)) AS d, "
        "TIMESTAMP '2024-01-01 00:00:00' + to_minutes(i * 37) AS t FROM range(1000) t(i)");
    const auto with = [&](const std::string& params) {
        return bench.apply(Bench::fault("round", params));
    };
    REQUIRE(rows_where(bench, with(R"({"columns": ["v", "d"], "decimals": 1})"),
                       "a.v <> round(b.v, 1) OR a.d <> round(b.d, 1)") == 0);
    REQUIRE(rows_where(bench, with(R"({"columns": ["v"], "decimals": -2})"),
                       "a.v <> round(b.v / 100) * 100") == 0);
    REQUIRE(rows_where(bench, with(R"({"columns": ["v"], "step": 5, "direction": "down"})"),
                       "a.v > b.v OR a.v <= b.v - 5 OR fmod(a.v, 5) <> 0") == 0);
    REQUIRE(rows_where(bench, with(R"({"columns": ["v"], "significant": 2})"),
                       "CAST(printf('%.1e', a.v) AS DOUBLE) <> a.v OR abs(a.v - b.v) > "
                       "0.5000001 * power(10, floor(log10(abs(b.v))) - 1)") == 0);
    REQUIRE(rows_where(bench, with(R"({"columns": ["v"], "single_precision": true})"),
                       "a.v <> CAST(CAST(b.v AS FLOAT) AS DOUBLE)") == 0);
    REQUIRE(rows_where(bench, with(R"({"columns": ["t"], "to": "hour"})"),
                       "a.t <> date_trunc('hour', b.t)") == 0);
    REQUIRE(refusal(bench, "round", R"({"columns": ["t"], "decimals": 1})").find("state to") !=
            std::string::npos);
}

TEST_CASE("a turned sign is exact, and what has no counterpart stays") {
    Bench bench(
        "SELECT 1 AS id, 9223372036854775807 AS b, CAST(-128 AS TINYINT) AS t, "
        "CAST(5 AS UTINYINT) AS u, 0e0 AS z, CAST(-1.5 AS DECIMAL(3,1)) AS d");
    const auto out =
        bench.apply(Bench::fault("sign_flip", R"({"columns": ["b", "t", "u", "z", "d"]})"));
    REQUIRE(bench.count(out,
                        "count(*) FILTER (b = -9223372036854775807 AND t = -128 AND u = 5 AND "
                        "d = 1.5)") == 1);
    REQUIRE(bench.count(out, "count(*) FILTER (CAST(z AS VARCHAR) = '0.0')") == 1);
    const auto only =
        bench.apply(Bench::fault("sign_flip", R"({"columns": ["b", "d"], "only": "negative"})"));
    REQUIRE(bench.count(only, "count(*) FILTER (b > 0 AND d = 1.5)") == 1);
}

TEST_CASE("out of range is beyond the observed or the stated ends") {
    Bench bench(thousand);
    const auto up = Bench::fault(
        "out_of_range", R"({"columns": ["v", "k"], "side": "up", "beyond": 0.5, "fraction": 1})");
    REQUIRE(rows_where(bench, bench.apply(up), "a.v <> 999 + 499.5 OR a.k <> 1499") == 0);
    REQUIRE(rows_where(bench, bench.apply(up, 0.001), "a.k <= 999 OR a.v <= 999") == 0);
    const auto stated = bench.apply(Bench::fault(
        "out_of_range",
        R"({"columns": ["v"], "lower": -50, "upper": 50, "side": "both", "fraction": 1})"));
    REQUIRE(rows_where(bench, stated, "a.v NOT IN (-60, 60)") == 0);
    REQUIRE(std::abs(rows_where(bench, stated, "a.v = 60") - 500) < 80);  // 5 deviations
}

TEST_CASE("swapped cells change places in whole rows only") {
    Bench bench(
        "SELECT i AS id, 'x' || i AS a, CASE WHEN i % 4 = 0 THEN NULL ELSE 'y' || i END AS b, "
        "i % 3 AS n, CASE WHEN i % 2 = 0 THEN '7' ELSE 'no' END AS t FROM range(100) t(i)");
    const auto out = bench.apply(
        Bench::fault("swap_columns", R"({"columns": ["a", "b"], "fraction": 0.5, "exact": true})"));
    REQUIRE(rows_where(bench, out,
                       "a.a IS NOT DISTINCT FROM b.b AND a.b IS NOT DISTINCT FROM b.a") == 50);
    REQUIRE(rows_where(bench, out,
                       "a.a IS NOT DISTINCT FROM b.a AND a.b IS NOT DISTINCT FROM b.b") == 50);
    const auto typed = bench.apply(Bench::fault("swap_columns", R"({"columns": ["n", "t"]})"));
    REQUIRE(rows_where(bench, typed, "a.n = 7 AND a.t = CAST(b.n AS VARCHAR)") == 50);
    REQUIRE(rows_where(bench, typed, "a.n = b.n AND a.t = b.t") == 50);  // 'no' is no number
    REQUIRE(refusal(bench, "swap_columns", R"({"columns": ["a"]})").find("two") !=
            std::string::npos);
}

TEST_CASE("shuffle permutes: the column stays, its correlation goes") {
    Bench bench(
        "SELECT i AS id, CAST(i AS DOUBLE) AS v, CAST(i AS DOUBLE) AS w, i % 4 AS g "
        "FROM range(4001) t(i)");
    const auto fault = Bench::fault("shuffle", R"({"columns": ["v"]})");
    const auto out = bench.apply(fault);
    const auto same = [&](const Perturbed& result) {
        return bench.numbers("SELECT count(*) FROM (SELECT v FROM (" + result.select +
                             ") EXCEPT ALL SELECT v FROM store.\"site\")")[0] == 0;
    };
    REQUIRE(same(out));
    REQUIRE(rows_where(bench, out, "a.v <> b.v") == 4000);  // one of an odd number is left
    const auto corr =
        std::get<double>(bench.query("SELECT corr(v, w) FROM (" + out.select + ")").rows[0][0]);
    REQUIRE(std::abs(corr) < 0.08);  // 5 standard errors of 4,001 rows
    const auto some = bench.apply(fault, 0.25);
    REQUIRE(same(some));
    REQUIRE(rows_where(bench, some, "a.v <> b.v") == 1000);
    const auto within =
        bench.apply(Bench::fault("shuffle", R"({"columns": ["v"], "within": "G"})"));
    REQUIRE(same(within));
    REQUIRE(rows_where(bench, within, "a.v % 4 <> b.g") == 0);
    REQUIRE(rows_where(bench, within, "a.v <> b.v") >= 3996);
    const auto apart = bench.apply(Bench::fault("shuffle", R"({"columns": ["v", "w"]})"));
    REQUIRE(rows_where(bench, apart, "a.v <> a.w") > 3900);
    const auto together =
        bench.apply(Bench::fault("shuffle", R"({"columns": ["v", "w"], "together": true})"));
    REQUIRE(rows_where(bench, together, "a.v <> a.w") == 0);
}

TEST_CASE("a stuck stretch holds one value and grows at its end") {
    Bench bench(thousand);
    const auto hit = [&](const Perturbed& out) {
        return bench.numbers("SELECT a.id FROM (" + out.select +
                             ") a JOIN store.\"site\" b USING (id) WHERE a.w <> b.w ORDER BY 1");
    };
    const auto fault = Bench::fault("stuck", R"({"columns": ["w"], "fraction": 0.2})");
    const auto full = hit(bench.apply(fault)), half = hit(bench.apply(fault, 0.5));
    REQUIRE(full.size() == 199);  // the first of the 200 keeps its value
    REQUIRE(full.back() - full.front() == 198);
    REQUIRE(half.front() == full.front());
    const auto first = full.front() - 1;
    REQUIRE(rows_where(bench, bench.apply(fault),
                       fmt::format("a.w = {} AND a.id BETWEEN {} AND {}", first, first,
                                   first + 199)) == 200);
    const auto previous =
        Bench::fault("stuck", R"({"columns": ["w"], "fraction": 0.2, "at": "previous"})");
    REQUIRE(rows_where(bench, bench.apply(previous), fmt::format("a.w = {}", first - 1)) == 201);
    const auto stated = bench.apply(Bench::fault(
        "stuck", R"({"columns": ["k"], "value": 7, "sampling": "uniform", "fraction": 1})"));
    REQUIRE(rows_where(bench, stated, "a.k <> 7") == 0);
    REQUIRE(refusal(bench, "stuck", R"({"columns": ["k"], "value": "x"})").find("cannot hold") !=
            std::string::npos);
}

TEST_CASE("a stretch of time is stuck whatever the order of the key") {
    Bench bench(thousand);  // v runs against the key
    const auto out = bench.apply(Bench::fault(
        "stuck",
        R"({"columns": ["w"], "order": "v", "mechanism": "at_random_given", "given": "v", "fraction": 0.2})"));
    const auto range = bench.query(
        "SELECT CAST(min(b.v) AS BIGINT), CAST(max(b.v) AS BIGINT), "
        "count(DISTINCT a.w) FROM (" +
        out.select + ") a JOIN store.\"site\" b USING (id) WHERE a.w <> b.w");
    REQUIRE(std::get<std::int64_t>(range.rows[0][1]) - std::get<std::int64_t>(range.rows[0][0]) ==
            198);
    REQUIRE(std::get<std::int64_t>(range.rows[0][2]) == 1);
}
