#include <catch2/catch.hpp>
#include <limits>

#include "analysis/rank_sobol.h"
#include "core/error.h"
#include "functions.h"
#include "soundness.h"

using namespace faultline;
using namespace faultline::analysis;
using functions::Matrix;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("rank sobol: the formula, by hand") {
    // By x: y = 1, 4, 2, 5 around the circle: products 4 + 8 + 10 + 5 = 27, mean 3, squares 46.
    Matrix x(4, 1), y(4, 1);
    x << 3, 1, 4, 2;
    y << 2, 1, 5, 4;
    const auto found = rank_sobol_indices(x, y, {});
    CHECK(found[0].estimate(0) == Approx((27.0 / 4 - 9) / (46.0 / 4 - 9)));
    CHECK(found[0].low(0) == -inf);
    CHECK(found[0].high(0) == inf);
    CHECK(found[0].count(0) == 4);
}

TEST_CASE("rank sobol: first-order indices of Ishigami, of g and of switches") {
    const Matrix x = functions::uniform(20'000, 3, 1);
    const auto found = rank_sobol_indices(x, functions::ishigami(x), {});
    for (std::size_t j = 0; j < 3; ++j) {
        CHECK(found[j].estimate(0) == Approx(functions::ishigami_first[j]).margin(0.025));
        CHECK(found[j].high(0) - found[j].low(0) < 0.06);
    }
    const Matrix z = functions::uniform(20'000, 8, 2);
    const auto g = rank_sobol_indices(z, functions::sobol_g(z), {});
    for (std::size_t j = 0; j < 8; ++j)
        CHECK(g[j].estimate(0) == Approx(functions::g_first[j]).margin(0.025));
    // Equal values come in random order: V = 1/4 + 4 · 3/16, the product has main effects of 1/4.
    const Matrix on = (functions::uniform(20'000, 3, 3) > 0.5).cast<double>();
    const auto switches = rank_sobol_indices(on, on.col(0) + 2 * on.col(1) * on.col(2), {});
    for (std::size_t j = 0; j < 3; ++j)
        CHECK(switches[j].estimate(0) == Approx(0.25).margin(0.025));
}

TEST_CASE("rank sobol: a constant, a unit, the order of factors and any scale of a factor") {
    const Matrix x = functions::uniform(300, 3, 4), y = functions::ishigami(x);
    const auto plain = rank_sobol_indices(x, y, {});
    require_sound(plain);
    const auto same = [&](const std::vector<Estimates>& other, double margin) {
        for (std::size_t j = 0; j < 3; ++j) {
            REQUIRE(other[j].estimate(0) == Approx(plain[j].estimate(0)).margin(margin));
            REQUIRE(other[j].low(0) == Approx(plain[j].low(0)).margin(margin));
        }
    };
    same(rank_sobol_indices(x, y + 1e6, {}), 1e-8);
    same(rank_sobol_indices(x, y * -1e-3, {}), 1e-10);
    same(rank_sobol_indices(x, y * 1e300, {}), 1e-10);
    same(rank_sobol_indices(x, y * 1e-300, {}), 1e-10);
    same(rank_sobol_indices((5 * x).exp(), y, {}), 0);
    Matrix turned(300, 3);
    turned << x.col(2), x.col(0), x.col(1);
    auto other = rank_sobol_indices(turned, y, {});
    std::rotate(other.begin(), other.begin() + 1, other.end());
    same(other, 0);
    // A factor twice has its index twice.
    Matrix twice(300, 4);
    twice << x, x.col(1);
    const auto both = rank_sobol_indices(twice, y, {});
    REQUIRE(both[3].estimate(0) == both[1].estimate(0));
}

TEST_CASE("rank sobol: failed runs, constants, outliers and little are right or unknown") {
    Matrix x = functions::uniform(203, 3, 5);
    x.col(2) = 0.25;
    Matrix y(203, 4);
    y << functions::ishigami(x), functions::ishigami(x), Matrix::Constant(203, 1, -1e300),
        Matrix::Constant(203, 1, missing);
    y(4, 0) = missing;
    y(9, 0) = -inf;
    y(7, 1) = GENERATE(1e12, -1.7e308);
    const auto found = rank_sobol_indices(x, y, {});
    require_sound(found);
    REQUIRE(found[0].count(0) == 201);
    REQUIRE(found[0].count(3) == 0);
    REQUIRE(std::isnan(found[2].estimate(0)));
    REQUIRE(std::isnan(found[0].estimate(3)));
    for (std::size_t j = 0; j < 3; ++j) {
        REQUIRE(found[j].estimate(2) == 0);
        REQUIRE(found[j].high(2) == 0);
    }
    Matrix kept_x(201, 3), kept_y(201, 1);
    kept_x << x.topRows(4), x.middleRows(5, 4), x.bottomRows(193);
    kept_y << y.col(0).head(4), y.col(0).segment(5, 4), y.col(0).tail(193);
    REQUIRE(rank_sobol_indices(kept_x, kept_y, {})[0].estimate(0) == found[0].estimate(0));
    require_sound(rank_sobol_indices(x.topRows(1), y.topRows(1), {}));
    require_sound(rank_sobol_indices(x.topRows(79), y.topRows(79), {}));
    REQUIRE_THROWS_AS(rank_sobol_indices(y, y, {}), Error);
    REQUIRE_THROWS_AS(rank_sobol_indices(x, y.topRows(5), {}), Error);
    RankOptions options;
    options.confidence = 1;
    REQUIRE_THROWS_AS(rank_sobol_indices(x, y, options), Error);
}
