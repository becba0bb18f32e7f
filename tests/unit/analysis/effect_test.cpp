#include <rapidcheck.h>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "analysis/estimate.h"
#include "core/error.h"

using namespace faultline;
using namespace faultline::analysis;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

Eigen::ArrayXd array(std::initializer_list<double> values) {
    Eigen::ArrayXd result(static_cast<Eigen::Index>(values.size()));
    Eigen::Index i = 0;
    for (const double value : values) result(i++) = value;
    return result;
}

/// Multiples of 1/8 of small size, so that sums and products with powers of two are exact.
Eigen::ArrayXXd eighths(Eigen::Index rows, Eigen::Index cols) {
    Eigen::ArrayXXd matrix(rows, cols);
    for (Eigen::Index i = 0; i < matrix.size(); ++i)
        matrix.data()[i] =
            *rc::gen::inRange(0, 9) == 0 ? missing : *rc::gen::inRange(-1000, 1000) / 8.0;
    return matrix;
}

bool same(const Eigen::ArrayXd& a, const Eigen::ArrayXd& b) {
    return ((a == b) || (a.isNaN() && b.isNaN())).all();
}

bool same(const Estimates& a, const Estimates& b) {
    return same(a.estimate, b.estimate) && same(a.low, b.low) && same(a.high, b.high) &&
           (a.count == b.count).all();
}

}  // namespace

TEST_CASE("An effect is the mean difference from the baseline") {
    Eigen::ArrayXXd outputs(3, 2);
    outputs << 11, 5,  //
        12, missing,   //
        13, 7;
    const auto effect = one_at_a_time_effect(outputs, array({10, 6}), 0.95, false);
    CHECK(effect.estimate(0) == 2);
    CHECK(effect.low(0) == Approx(2 - 4.302652729696142 / std::sqrt(3.0)));
    CHECK(effect.estimate(1) == 0);
    CHECK(effect.count(1) == 2);
}

TEST_CASE("A baseline that is infinite or missing") {
    Eigen::ArrayXXd outputs(1, 4);
    outputs << inf, 3, missing, 3;
    const auto effect = one_at_a_time_effect(outputs, array({inf, inf, 1, missing}), 0.95, true);
    CHECK(effect.estimate(0) == 0);
    CHECK(effect.estimate(1) == -inf);
    CHECK(std::isnan(effect.estimate(2)));
    CHECK(std::isnan(effect.estimate(3)));
    CHECK_THROWS_AS(one_at_a_time_effect(outputs, array({1}), 0.95, true), Error);
}

TEST_CASE("Damage is the change in tolerances") {
    Eigen::ArrayXXd outputs(2, 3);
    outputs << 104, 1, 96,  //
        96, 1, missing;
    const auto result = damage(outputs, array({100, 1, 100}), array({2, 0, 4}), 0.95, false);
    CHECK(result.estimate(0) == 2);  // |±4| / 2: changes in both directions do not cancel
    CHECK(result.low(0) == 2);
    CHECK(result.estimate(1) == 0);  // tolerance 0, nothing moved
    CHECK(result.estimate(2) == 1);
    CHECK(result.low(2) == 0);  // one observation: unbounded, but a damage is never negative
    CHECK(result.high(2) == inf);
}

TEST_CASE("Any change breaks a tolerance of zero, once is enough") {
    Eigen::ArrayXXd outputs(3, 1);
    outputs << 5, 5.000001, 5;
    const auto result = damage(outputs, array({5}), array({0}), 0.95, false);
    CHECK(result.estimate(0) == inf);
    CHECK(result.low(0) == inf);
    CHECK(result.high(0) == inf);
}

TEST_CASE("Infinite values against infinite and unknown tolerances") {
    Eigen::ArrayXXd outputs(1, 4);
    outputs << inf, 9, 9, 9;
    const auto result =
        damage(outputs, array({1, 1, 1, 9}), array({inf, inf, missing, missing}), 0.95, true);
    CHECK(result.estimate(0) == inf);
    CHECK(result.estimate(1) == 0);
    CHECK(std::isnan(result.estimate(2)));
    CHECK(std::isnan(result.estimate(3)));
    CHECK_THROWS_AS(damage(outputs, array({1, 1, 1, 1}), array({1, 1, 1, -1}), 0.95, true), Error);
}

TEST_CASE("Effects and damages keep what they must keep") {
    REQUIRE(rc::check("a constant added to outputs and baseline changes nothing", [] {
        const auto cols = *rc::gen::inRange<Eigen::Index>(1, 5);
        const Eigen::ArrayXXd outputs = eighths(*rc::gen::inRange<Eigen::Index>(1, 6), cols);
        const Eigen::ArrayXd baseline = eighths(cols, 1), tolerance = eighths(cols, 1).abs();
        const double shift = *rc::gen::inRange(-100000, 100000) / 8.0;
        RC_ASSERT(same(one_at_a_time_effect(outputs, baseline, 0.95, false),
                       one_at_a_time_effect(outputs + shift, baseline + shift, 0.95, false)));
        RC_ASSERT(same(damage(outputs, baseline, tolerance, 0.95, false),
                       damage(outputs + shift, baseline + shift, tolerance, 0.95, false)));
    }));
    REQUIRE(rc::check("a change of unit scales effects and leaves damages", [] {
        const auto cols = *rc::gen::inRange<Eigen::Index>(1, 5);
        const Eigen::ArrayXXd outputs = eighths(*rc::gen::inRange<Eigen::Index>(1, 6), cols);
        const Eigen::ArrayXd baseline = eighths(cols, 1), tolerance = eighths(cols, 1).abs();
        const double unit = std::ldexp(1.0, *rc::gen::inRange(-20, 20));
        auto effect = one_at_a_time_effect(outputs, baseline, 0.95, false);
        effect.estimate *= unit;
        effect.low *= unit;
        effect.high *= unit;
        RC_ASSERT(same(effect, one_at_a_time_effect(outputs * unit, baseline * unit, 0.95, false)));
        RC_ASSERT(same(damage(outputs, baseline, tolerance, 0.95, false),
                       damage(outputs * unit, baseline * unit, tolerance * unit, 0.95, false)));
    }));
}
