#include <catch2/catch.hpp>
#include <limits>

#include "analysis/regression.h"
#include "core/error.h"
#include "functions.h"

using namespace faultline;
using namespace faultline::analysis;
using functions::Matrix;

namespace {
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double missing = std::numeric_limits<double>::quiet_NaN();
}  // namespace

TEST_CASE("SRC of 10 + 3 x0 + x1: squares 0.9 and 0.1, and no doubt on a balanced grid") {
    // Every combination of 20 values each: variances equal, columns uncorrelated.
    Matrix x(400, 2);
    for (Eigen::Index i = 0; i < 400; ++i)
        x.row(i) << static_cast<double>(i / 20), static_cast<double>(i % 20);
    const auto found = standardised_coefficients(x, 10 + 3 * x.col(0) + x.col(1), 0.95);
    CHECK(found[0].estimate.square()(0) == Approx(0.9).epsilon(1e-12));
    CHECK(found[1].estimate.square()(0) == Approx(0.1).epsilon(1e-12));
    // A change of unit and a constant are no change.
    const auto other =
        standardised_coefficients(x * 1e-4, 1e6 - 3e5 * x.col(0) - 1e5 * x.col(1), 0.95);
    CHECK(other[0].estimate(0) == Approx(-found[0].estimate(0)));
    CHECK(other[0].high(0) == Approx(-found[0].low(0)));
}

TEST_CASE("PRCC sees a monotone curve whole, and nothing in a factor that does nothing") {
    const Matrix x = functions::uniform(500, 3, 1);
    const auto found =
        partial_rank_correlations(x, (5 * x.col(0)).exp() - 20 * x.col(1).square(), 0.95);
    CHECK(found[0].estimate(0) > 0.9);
    CHECK(found[1].estimate(0) < -0.5);
    CHECK(found[2].low(0) < 0);
    CHECK(found[2].high(0) > 0);
    // Ranks know no unit and no curve.
    const auto curved = partial_rank_correlations(
        x.exp(), ((5 * x.col(0)).exp() - 20 * x.col(1).square()) * 1e-9, 0.95);
    CHECK(curved[0].estimate(0) == Approx(found[0].estimate(0)).epsilon(1e-9));
    const auto perfect = partial_rank_correlations(x, x.col(0), 0.95);
    CHECK(perfect[0].estimate(0) == Approx(1));
    CHECK(perfect[0].high(0) <= 1);
}

TEST_CASE("main effects of x1 + 2 x2 + 3 x3 + 4 x7 x12 in a two-level design") {
    // Every sign of twelve factors: more runs than a screening design has, with the same contrasts.
    Matrix x(4096, 12);
    for (Eigen::Index i = 0; i < x.rows(); ++i)
        for (Eigen::Index j = 0; j < 12; ++j) x(i, j) = (i >> j & 1) != 0 ? 1 : -1;
    const auto found =
        main_effects(x, x.col(0) + 2 * x.col(1) + 3 * x.col(2) + 4 * x.col(6) * x.col(11), 0.95);
    const double expected[] = {1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    for (std::size_t j = 0; j < 12; ++j)
        CHECK(found[j].estimate(0) == Approx(expected[j]).margin(1e-12));
    // The interaction is all residual: variance 16 over n − 13, by the t quantile of many.
    CHECK(found[0].high(0) - 1 == Approx(1.9605 * 4 * std::sqrt(1 / 4083.0)).epsilon(1e-3));
}

TEST_CASE("an effect that rounding alone explains is 0, and a real one however small is not") {
    // A metric of 48 thousand, some of it a sum of numbers that floats do not hold.
    Matrix x(64, 6);
    for (Eigen::Index i = 0; i < x.rows(); ++i)
        for (Eigen::Index j = 0; j < 6; ++j) x(i, j) = (i >> j & 1) != 0 ? 0.5 : -0.5;
    const Matrix pairs = x.col(0) * x.col(1);
    Matrix terms(64, 7), y(64, 2);
    terms << x, pairs;
    y << 48123.7 + 0.1 * x.col(0) + 0.7 * x.col(2), 48123.7 + 0.1 * x.col(0) + 1e-8 * x.col(1);
    const auto found = main_effects(terms, y, 0.95);
    for (const std::size_t j : {1u, 3u, 4u, 5u, 6u}) {
        CHECK(found[j].estimate(0) == 0);
        CHECK(found[j].high(0) - found[j].low(0) < 1e-9);
    }
    CHECK(found[0].estimate(0) == Approx(0.1));
    CHECK(found[2].estimate(0) == Approx(0.7));
    CHECK(found[1].estimate(1) == Approx(1e-8).epsilon(1e-2));
    CHECK(found[2].estimate(1) == 0);
}

TEST_CASE("regression: constants, failed runs, factors that repeat, too few runs") {
    const auto method =
        GENERATE(&standardised_coefficients, &partial_rank_correlations, &main_effects);
    const Matrix x = functions::uniform(30, 2, 2);
    Matrix y(30, 3);
    y << x.col(0) + x.col(1).square(), Matrix::Constant(30, 1, 0.1), x.col(1) * x.col(0);
    y(4, 0) = missing;
    y(9, 0) = inf;
    const auto found = method(x, y, 0.9);
    REQUIRE(found[0].count(0) == 28);
    REQUIRE(found[0].count(2) == 30);
    REQUIRE(found[0].low(0) < found[0].estimate(0));
    REQUIRE(found[1].estimate(1) == 0);
    REQUIRE(found[1].high(1) == 0);
    Matrix kept(28, 3);
    kept << x.topRows(4).matrix(), y.col(0).topRows(4).matrix(), x.middleRows(5, 4).matrix(),
        y.col(0).middleRows(5, 4).matrix(), x.bottomRows(20).matrix(),
        y.col(0).bottomRows(20).matrix();
    const auto without = method(kept.leftCols(2), kept.col(2), 0.9);
    REQUIRE(found[1].estimate(0) == Approx(without[1].estimate(0)));
    REQUIRE(found[1].high(0) == Approx(without[1].high(0)));

    Matrix twice(30, 3);
    twice << x, 2 * x.col(0) + 1;
    REQUIRE_THROWS_WITH(method(twice, y, 0.9), Catch::Contains("computed from the others"));
    Matrix still(30, 3);
    still << x, Matrix::Constant(30, 1, 7);
    const auto idle = method(still, y, 0.9);
    REQUIRE(std::isnan(idle[2].estimate(0)));
    REQUIRE(idle[2].low(0) == -inf);
    REQUIRE(std::isfinite(idle[0].estimate(0)));
    for (Eigen::Index runs = 1; runs <= 4; ++runs) {
        const auto few = method(x.topRows(runs), y.topRows(runs), 0.9);
        REQUIRE_FALSE(std::isnan(few[0].low(0)));
        REQUIRE_FALSE(std::isnan(few[1].high(2)));
    }
    // One factor, and one number that dwarfs the others.
    y(12, 2) = 1e300;
    REQUIRE(std::isfinite(method(x.leftCols(1), y, 0.9)[0].high(2)));
    Matrix bad = x;
    bad(0, 0) = missing;
    REQUIRE_THROWS_AS(method(bad, y, 0.9), Error);
}
