#include <catch2/catch.hpp>
#include <limits>

#include "analysis/sobol.h"
#include "functions.h"

// What becomes of indices when runs fail: docs/attribution.md, "Failed runs", prints these numbers.
// The model is x1 + x2 + x3, true S = T = 1/3 each, and the 5 % of runs with the largest sums fail.

using namespace faultline;
using namespace faultline::analysis;
using functions::Matrix;

TEST_CASE("failed runs: whole rows deleted bias least, and failing has indices") {
    const Matrix x = functions::radial(functions::uniform(60'000, 6, 1), false);
    const Matrix y = x.rowwise().sum();
    // 0.05 of the volume lies above: (3 − s)³ / 6 = 0.05.
    const double threshold = 3 - std::cbrt(0.3);
    const auto failed = (y > threshold).eval();
    REQUIRE(static_cast<double>(failed.count()) / static_cast<double>(y.rows()) ==
            Approx(0.05).margin(0.003));
    SobolOptions options;
    options.interval = Interval::delta;
    const auto mean_of = [](const std::vector<Estimates>& indices) {
        return (indices[0].estimate(0) + indices[1].estimate(0) + indices[2].estimate(0)) / 3;
    };
    const auto whole = sobol_indices(y, 3, options);
    CHECK(mean_of(whole.first) == Approx(1.0 / 3).margin(0.01));
    CHECK(mean_of(whole.total) == Approx(1.0 / 3).margin(0.01));

    const Matrix holes = failed.select(std::numeric_limits<double>::quiet_NaN(), y);
    const auto given_survival = sobol_indices(holes, 3, options);
    CHECK(mean_of(given_survival.first) == Approx(0.29).margin(0.02));
    CHECK(mean_of(given_survival.total) == Approx(0.37).margin(0.02));
    const double kept = given_survival.first[0].count(0) / 60'000.0;
    CHECK(kept == Approx(0.82).margin(0.01));

    const Matrix zeros = failed.select(0.0, y);
    const auto filled = sobol_indices(zeros, 3, options);
    CHECK(mean_of(filled.first) < 0.2);
    CHECK(mean_of(filled.total) > 0.5);

    // The other half of the answer: failing hangs on all three, and on them together.
    const auto failing = sobol_indices(failed.cast<double>(), 3, options);
    for (std::size_t j = 0; j < 3; ++j) {
        CHECK(failing.first[j].count(0) == 60'000);
        CHECK(failing.first[j].estimate(0) < 0.2);
        CHECK(failing.total[j].estimate(0) > 0.5);
    }
}
