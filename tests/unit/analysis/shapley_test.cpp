#include <catch2/catch.hpp>
#include <limits>
#include <numeric>

#include "analysis/shapley.h"
#include "core/error.h"
#include "functions.h"
#include "soundness.h"

using namespace faultline;
using namespace faultline::analysis;
using functions::Matrix;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

Matrix replicated_walks(Eigen::Index rows, Eigen::Index factors, std::uint64_t seed) {
    Matrix base(8 * rows, 2 * factors);
    for (Eigen::Index r = 0; r < 8; ++r)
        base.middleRows(r * rows, rows) =
            functions::shifted_lattice(rows, 2 * factors, 8 * seed + static_cast<std::uint64_t>(r));
    return functions::walks(base, seed);
}

}  // namespace

TEST_CASE("shapley: the effects of Ishigami, of a linear and of a purely joint function") {
    const Matrix x = replicated_walks(1021, 3, 1);
    Matrix y(x.rows(), 3);
    y.col(0) = functions::ishigami(x);
    y.col(1) = x.col(0) + 2 * x.col(1) + 3 * x.col(2);
    y.col(2) = (x.col(0) - 0.5) * (x.col(1) - 0.5) * (x.col(2) - 0.5);
    const auto found = shapley_effects(x, y, {});
    REQUIRE(found.walks == 8 * 1021);
    for (std::size_t j = 0; j < 3; ++j) {
        const auto& e = found.effects[j];
        CHECK(e.estimate(0) == Approx(functions::ishigami_shapley[j]).margin(0.02));
        const double weight = static_cast<double>(j + 1);
        CHECK(e.estimate(1) == Approx(weight * weight / 14).margin(0.02));
        CHECK(e.estimate(2) == Approx(1.0 / 3).margin(0.03));
        CHECK(e.count(0) == 8 * 1021);
        // About a standard error, not a hundred.
        CHECK(e.high(0) - e.low(0) < 0.1);
    }
    for (Eigen::Index o = 0; o < 3; ++o)
        REQUIRE(found.effects[0].estimate(o) + found.effects[1].estimate(o) +
                    found.effects[2].estimate(o) ==
                Approx(1).margin(1e-12));
}

TEST_CASE("shapley: the players are groups where groups are given") {
    // x1, x3 | x2: the joint part of Ishigami lies inside a group, whose share is its closed index.
    const Matrix base = functions::uniform(20'000, 6, 4);
    ShapleyOptions options;
    options.groups = {0, 1, 0};
    const Matrix x = functions::walks(base, 5, options.groups);
    const auto found = shapley_effects(x, functions::ishigami(x), options);
    REQUIRE(found.effects.size() == 2);
    REQUIRE(found.walks == 20'000);
    CHECK(found.effects[0].estimate(0) == Approx(0.5575888552099592).margin(0.02));
    CHECK(found.effects[1].estimate(0) == Approx(0.4424111447900409).margin(0.02));
    // The same runs are no walks of three players.
    REQUIRE_THROWS_AS(shapley_effects(x, functions::ishigami(x), {}), Error);
}

TEST_CASE("shapley: a constant, a unit and the order of the factors change nothing") {
    const Interval interval = GENERATE(Interval::replicates, Interval::delta, Interval::bootstrap);
    ShapleyOptions options;
    options.interval = interval;
    options.resamples = 50;
    const Matrix x = functions::walks(functions::uniform(60, 6, 6), 7);
    const Matrix y = functions::ishigami(x);
    const auto plain = shapley_effects(x, y, options);
    require_sound(plain.effects);
    const auto same = [&](const ShapleyEffects& other, double margin) {
        for (std::size_t j = 0; j < 3; ++j) {
            const auto &a = plain.effects[j], &b = other.effects[j];
            REQUIRE(a.estimate(0) == Approx(b.estimate(0)).margin(margin));
            REQUIRE(a.low(0) == Approx(b.low(0)).margin(margin));
            REQUIRE(a.high(0) == Approx(b.high(0)).margin(margin));
        }
    };
    same(shapley_effects(x, y + 1e6, options), 1e-8);
    same(shapley_effects(x, y * -1e-3, options), 1e-10);
    same(shapley_effects(x, y * 1e300, options), 1e-10);
    same(shapley_effects(x, y * 1e-300, options), 1e-10);
    Matrix turned(x.rows(), 3);
    turned << x.col(2), x.col(0), x.col(1);
    auto other = shapley_effects(turned, y, options);
    std::rotate(other.effects.begin(), other.effects.begin() + 1, other.effects.end());
    same(other, 0);
}

TEST_CASE("shapley: an inert factor has exactly nothing, a factor twice half each") {
    const Matrix x = functions::walks(functions::uniform(4000, 8, 8), 9);
    const auto found = shapley_effects(x, (x.col(0) + x.col(1)).square() + x.col(2), {});
    REQUIRE(found.effects[3].estimate(0) == 0);
    REQUIRE(found.effects[3].low(0) == 0);
    REQUIRE(found.effects[3].high(0) == 0);
    CHECK(found.effects[0].estimate(0) == Approx(found.effects[1].estimate(0)).margin(0.03));
}

TEST_CASE("shapley: values that repeat hide a step, and the answer is right all the same") {
    // Switches: x and x' are equal in half of the columns, so that nothing is seen to move.
    const Matrix x = functions::walks((functions::uniform(8000, 6, 10) > 0.5).cast<double>(), 11);
    const auto found = shapley_effects(x, x.col(0) + 2 * x.col(1) * x.col(2), {});
    // V = 1/4 + 4 · 3/16; the product's main effects are 1/4 each, of 1, and its interaction 1/4.
    CHECK(found.effects[0].estimate(0) == Approx(0.25).margin(0.02));
    CHECK(found.effects[1].estimate(0) == Approx(0.375).margin(0.02));
    CHECK(found.effects[2].estimate(0) == Approx(0.375).margin(0.02));
}

TEST_CASE("shapley: a failed run takes its walk along, and the count says so") {
    const double ways[] = {missing, std::numeric_limits<double>::infinity()};
    const double failed = ways[GENERATE(0, 1)];
    ShapleyOptions options;
    options.replicates = 2;
    const Matrix x = functions::walks(functions::uniform(40, 6, 12), 13);
    Matrix y(x.rows(), 2);
    y << functions::ishigami(x), functions::ishigami(x);
    y(3 * 4 + 1, 0) = failed;
    y(20 * 4, 0) = failed;
    const auto found = shapley_effects(x, y, options);
    require_sound(found.effects);
    Matrix kept_x(38 * 4, 3), kept_y(38 * 4, 1);
    kept_x << x.topRows(12), x.middleRows(16, 64), x.bottomRows(76);
    kept_y << y.col(1).head(12), y.col(1).segment(16, 64), y.col(1).tail(76);
    const auto expected = shapley_effects(kept_x, kept_y, options);
    for (std::size_t j = 0; j < 3; ++j) {
        REQUIRE(found.effects[j].count(0) == 38);
        REQUIRE(found.effects[j].count(1) == 40);
        REQUIRE(found.effects[j].estimate(0) == Approx(expected.effects[j].estimate(0)));
    }
}

TEST_CASE("shapley: constants, one factor, too little, one number that dwarfs all others") {
    const Interval interval = GENERATE(Interval::replicates, Interval::delta, Interval::bootstrap);
    ShapleyOptions options;
    options.interval = interval;
    const double value = GENERATE(0.0, 1e-320, 0.3, -1e300);
    const Matrix x = functions::walks(functions::uniform(30, 6, 14), 15);
    Matrix y = Matrix::Constant(x.rows(), 1, value);
    y(4, 0) = value * (1 + 2e-16);
    for (const auto& e : shapley_effects(x, y, options).effects) {
        REQUIRE(e.estimate(0) == 0);
        REQUIRE(e.low(0) == 0);
        REQUIRE(e.high(0) == 0);
    }
    const Matrix alone = functions::walks(functions::uniform(30, 2, 16), 17);
    const auto one = shapley_effects(alone, alone.exp(), options);
    REQUIRE(one.effects[0].estimate(0) == Approx(1));
    require_sound(one.effects);

    const Matrix few = x.topRows(4);
    REQUIRE(
        std::isnan(shapley_effects(few, functions::ishigami(few), options).effects[0].estimate(0)));
    const auto none = shapley_effects(x, Matrix::Constant(x.rows(), 1, missing), options);
    REQUIRE(none.effects[0].count(0) == 0);
    require_sound(none.effects);
    for (Eigen::Index run = 0; run < 4; ++run) {
        Matrix outlier = functions::ishigami(x);
        outlier(8 + run, 0) = GENERATE(1e12, -1.7e308);
        require_sound(shapley_effects(x, outlier, options).effects);
    }
}

TEST_CASE("shapley: what is no walk is said") {
    const Matrix x = functions::walks(functions::uniform(5, 6, 18), 19);
    const Matrix y = Matrix::Zero(x.rows(), 1);
    Matrix wrong = x;
    wrong.row(7) = x.row(6) + 1;
    REQUIRE_THROWS_WITH(shapley_effects(wrong, y, {}), Catch::Contains("run 8 "));
    REQUIRE_THROWS_WITH(shapley_effects(x.topRows(7), y.topRows(7), {}),
                        Catch::Contains("multiple of 4"));
    REQUIRE_THROWS_AS(shapley_effects(x, y.topRows(4), {}), Error);
    ShapleyOptions options;
    options.replicates = 1;
    REQUIRE_THROWS_AS(shapley_effects(x, y, options), Error);
    options = {};
    options.groups = {0, 2, 0};
    REQUIRE_THROWS_WITH(shapley_effects(x, y, options), Catch::Contains("group 2"));
    options.groups = {0, 1};
    REQUIRE_THROWS_AS(shapley_effects(x, y, options), Error);
}
