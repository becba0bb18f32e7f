#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "bench.h"

// Faults that claim a distribution have it, whole: Kolmogorov-Smirnov against the formula. And an
// exact share is exact whatever the unit.

using namespace faultline;
using namespace faultline::plugin;

namespace {

constexpr int n = 20'000;

/// The largest distance between the sample's distribution and `cdf`.
double distance(std::vector<double> sample, const std::function<double(double)>& cdf) {
    std::sort(sample.begin(), sample.end());
    const auto size = static_cast<double>(sample.size());
    double most = 0;
    for (std::size_t i = 0; i < sample.size(); ++i) {
        const double at = cdf(sample[i]), below = static_cast<double>(i) / size;
        most = std::max({most, at - below, below + 1 / size - at});
    }
    return most;
}

/// Above this in one of 10⁷ samples that are what they claim (Massart's bound: 2·exp(−2nd²)).
double limit(std::size_t size) {
    return std::sqrt(std::log(2e7) / (2 * static_cast<double>(size)));
}

std::vector<double> errors(Bench& bench, const std::string& params, double severity) {
    const auto out = bench.apply(Bench::fault("noise", params), severity);
    std::vector<double> sample;
    for (const auto& row : bench.query("SELECT v - 50 FROM (" + out.select + ")").rows)
        sample.push_back(std::get<double>(row[0]));
    return sample;
}

}  // namespace

TEST_CASE("noise is distributed as it says, at every severity") {
    Bench bench("SELECT i AS id, CAST(50 AS DOUBLE) AS v FROM range(20000) t(i)");
    const auto sigma = [](double severity) { return 3 * severity; };
    const std::map<std::string, std::function<double(double)>> cdf{
        {"gaussian", [](double z) { return std::erfc(-z / std::sqrt(2.0)) / 2; }},
        {"laplace",
         [](double z) {
             const double tail = std::exp(-std::abs(z) * std::sqrt(2.0)) / 2;
             return z < 0 ? tail : 1 - tail;
         }},
        {"uniform", [](double z) { return std::clamp((z / std::sqrt(3.0) + 1) / 2, 0.0, 1.0); }}};
    for (const auto& [name, its_own] : cdf)
        for (const double severity : {0.25, 1.0}) {
            INFO(name << " at " << severity);
            const auto sample =
                errors(bench, R"({"columns": ["v"], "std": 3, "distribution": ")" + name + "\"}",
                       severity);
            REQUIRE(sample.size() == n);
            const auto distance_to = [&](const std::function<double(double)>& formula) {
                return distance(sample, [&](double x) { return formula(x / sigma(severity)); });
            };
            CHECK(distance_to(its_own) < limit(n));
            // And not as the others: a test that takes anything says nothing.
            for (const auto& [other, wrong] : cdf)
                if (other != name) CHECK(distance_to(wrong) > limit(n));
        }
}

TEST_CASE("relative noise is as wide as a share of the value, and along a line as its dose") {
    Bench bench("SELECT i AS id, CAST(50 AS DOUBLE) AS v, i AS t FROM range(20000) t(i)");
    const auto normal = [](double z) { return std::erfc(-z / std::sqrt(2.0)) / 2; };
    CHECK(distance(errors(bench, R"({"columns": ["v"], "relative_std": 0.02})", 1), normal) <
          limit(n));
    const auto out = bench.apply(Bench::fault(
        "noise", R"({"columns": ["v"], "std": 4, "along": {"column": "t", "shape": "trend"}})"));
    std::vector<double> standard;
    for (const auto& row :
         bench.query("SELECT (v - 50) / (4 * t / 19999) FROM (" + out.select + ") WHERE t > 0")
             .rows)
        standard.push_back(std::get<double>(row[0]));
    CHECK(distance(standard, normal) < limit(standard.size()));
}

TEST_CASE("resampling and benign growth have the sizes that their factors say") {
    // Copies of a row are floor or ceil of its factor by lot: Σ has variance n·f(1 − f), f being
    // the fractional part. Five deviations each: 2e-6 that all three fail by chance.
    Bench bench("SELECT i AS id, i AS v FROM range(20000) t(i)");
    const auto rows = [&](const std::string& plugin, const std::string& params, double severity) {
        return static_cast<double>(
            bench.count(bench.apply(Bench::fault(plugin, params), severity)));
    };
    const auto is = [&](double found, double factor) {
        const double part = factor - std::floor(factor);
        CHECK(std::abs(found - n * factor) <= 5 * std::sqrt(n * part * (1 - part)) + 1e-9);
    };
    is(rows("resample", R"({"weight_factor": 2.5})", 1), 2.5);
    is(rows("resample", R"({"weight_factor": 0.4})", 0.5), 0.7);
    is(rows("growth", R"({"more": 0.2})", 1), 1.2);
}

TEST_CASE("an exact share is exact in every unit") {
    Bench dated(
        "SELECT i AS id, CAST(sqrt(i) AS INTEGER) AS batch, i AS v, i AS w FROM range(1369) t(i)",
        {"id"}, "batch"),
        undated("SELECT i AS id, i AS v FROM range(1000) t(i)");
    const auto batches =
        dated.numbers("SELECT count(DISTINCT batch) FROM store.\"site\"")[0];  // of every size
    for (const double severity : {0.1, 0.37, 0.5, 0.81, 1.0}) {
        INFO("severity " << severity);
        const auto of = [&](double share, std::int64_t units) {
            return static_cast<std::int64_t>(
                std::floor(severity * share * static_cast<double>(units) + 0.5));
        };
        // rows
        const auto copies = dated.apply(
            Bench::fault("duplicate_rows", R"({"fraction": 0.3, "exact": true})"), severity);
        CHECK(copies.answer_keys[0].rows_added == of(0.3, 1369));
        // cells, in each column
        const auto nulls = dated.apply(
            Bench::fault("nulls", R"({"columns": ["v", "w"], "fraction": 0.15, "exact": true})"),
            severity);
        CHECK(nulls.answer_keys[0].cells.at("v") == of(0.15, 1369));
        CHECK(nulls.answer_keys[0].cells.at("w") == of(0.15, 1369));
        // batches
        const auto gone =
            dated.apply(Bench::fault("missing_batches", R"({"fraction": 0.4})"), severity);
        CHECK(dated.count(gone, "count(DISTINCT batch)") == batches - of(0.4, batches));
        // blocks of rows: 143 of them, the last one shorter
        const auto blocks = undated.apply(
            Bench::fault("missing_batches", R"({"fraction": 0.4, "block_rows": 7})"), severity);
        CHECK(undated.count(blocks, "count(DISTINCT v // 7)") == 143 - of(0.4, 143));
    }
}

TEST_CASE("noise counts what differs, to the rows whose errors are lost in rounding") {
    // Around the size at which an error may be lost, and what no error moves.
    const std::string sizes =
        "CASE i % 5 WHEN 0 THEN 0 WHEN 1 THEN 1 WHEN 2 THEN -5e5 WHEN 3 THEN "
        "5.3e5 ELSE 5e-324 END";
    const std::string far =
        "CASE i % 5 WHEN 0 THEN 1e14 WHEN 1 THEN 1e16 WHEN 2 THEN -1e17 WHEN 3 "
        "THEN 1e300 ELSE 0 END";
    const std::string odd =
        "CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN 'nan' WHEN 2 THEN 'inf' WHEN 3 "
        "THEN '-inf' ELSE '1' END";
    int same = 0;
    for (const auto& values : {std::string("50"), std::string("1e16"), sizes, far, odd})
        for (const char* params :
             {R"("std": 1)", R"("std": 1e-9)", R"("std": 1e-300)", R"("relative_std": 0.1)",
              R"("relative_std": 1e-12)", R"("std": 1, "distribution": "uniform")",
              R"("std": 1, "distribution": "laplace", "fraction": 0.5)"}) {
            Bench bench("SELECT i AS id, CAST(" + values +
                        " AS DOUBLE) AS v FROM range(4000) t(i)");
            INFO(values << ", " << params);
            const auto out = bench.apply(
                Bench::fault("noise", std::string(R"({"columns": ["v"], )") + params + "}"), 0.7);
            const auto differ = bench.numbers(
                "SELECT count(*) FROM (" + out.select +
                ") AS a JOIN store.site AS b USING (id) WHERE a.v IS DISTINCT FROM b.v")[0];
            CHECK(out.answer_keys.at(0).cells.at("v") == differ);
            CHECK(out.answer_keys.at(0).rows_changed == differ);
            same += differ == 4000 ? 1 : 0;
        }
    CHECK(same > 3);   // some lose nothing
    CHECK(same < 28);  // and some do
}
