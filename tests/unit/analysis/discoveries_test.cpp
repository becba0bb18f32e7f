#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <catch2/catch.hpp>
#include <limits>

#include "analysis/discoveries.h"
#include "core/error.h"
#include "functions.h"

using namespace faultline;
using namespace faultline::analysis;
using functions::Matrix;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

Eigen::ArrayXd column(const std::vector<double>& values) {
    return Eigen::Map<const Eigen::ArrayXd>(values.data(),
                                            static_cast<Eigen::Index>(values.size()));
}

double normal_from(double uniform) {
    return quantile(boost::math::normal(), std::clamp(uniform, 1e-15, 1 - 1e-15));
}

}  // namespace

TEST_CASE("discoveries: the fifteen tests of Benjamini & Hochberg 1995, section 4") {
    const Eigen::ArrayXd p = column({0.0278, 0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0298, 0.0344,
                                     0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000});
    const auto found = control_false_discoveries(p, 0.05);
    REQUIRE(found.tested == 15);
    for (Eigen::Index i = 0; i < 15; ++i) REQUIRE(found.found(i) == (i >= 1 && i <= 4));
    // 0.0095 is the fourth: 0.0095 · 15 / 4.
    CHECK(found.adjusted(4) == Approx(0.035625));
    // 0.0459 is the ninth, and 0.0344 · 15 / 8 above it: each has the smallest from there on.
    CHECK(found.adjusted(0) == Approx(0.0298 * 15 / 7));
    const auto careful = control_false_discoveries(p, 0.05, Dependence::arbitrary);
    double harmonic = 0;
    for (int i = 1; i <= 15; ++i) harmonic += 1.0 / i;
    CHECK(careful.adjusted(4) == Approx(0.035625 * harmonic));
    REQUIRE(careful.found.count() == 3);
}

TEST_CASE("discoveries: a test that could not be made is no discovery and costs nothing") {
    const auto with = control_false_discoveries(column({missing, 0.01, missing, 0.04, 0.9}), 0.05);
    const auto without = control_false_discoveries(column({0.01, 0.04, 0.9}), 0.05);
    REQUIRE(with.tested == 3);
    REQUIRE(std::isnan(with.adjusted(0)));
    REQUIRE_FALSE(with.found(0));
    REQUIRE(with.adjusted(1) == without.adjusted(0));
    REQUIRE(with.adjusted(3) == without.adjusted(1));
    REQUIRE(control_false_discoveries(Eigen::ArrayXd(), 0.05).tested == 0);
    REQUIRE(control_false_discoveries(column({0.0, 0.0, 1.0}), 0.05).found.count() == 2);
    REQUIRE_THROWS_AS(control_false_discoveries(column({0.5}), 1), Error);
    REQUIRE_THROWS_AS(control_false_discoveries(column({1.5}), 0.05), Error);
}

TEST_CASE("discoveries: false ones are the stated share, and looking one by one would not do") {
    // 40 tests of which 30 have nothing to find, dependent through one shared baseline. The share
    // of false discoveries is at most 0.1 · 30/40; its standard error over 4000 samples is below
    // 0.003, so that 0.086 is more than three of them away.
    double false_share = 0, careful_share = 0, one_by_one = 0, power = 0;
    constexpr int samples = 4000;
    const boost::math::normal standard;
    const Matrix draws = functions::uniform(samples, 41, 1);
    for (Eigen::Index s = 0; s < samples; ++s) {
        Eigen::ArrayXd p(40);
        const double shared = normal_from(draws(s, 40));
        for (Eigen::Index i = 0; i < 40; ++i) {
            const double z =
                (normal_from(draws(s, i)) + shared) / std::sqrt(2) + (i < 10 ? 3.5 : 0);
            p(i) = 2 * cdf(complement(standard, std::abs(z)));
        }
        const auto share = [&](const Eigen::Array<bool, Eigen::Dynamic, 1>& found) {
            const auto all = static_cast<double>(found.count());
            return all == 0 ? 0 : static_cast<double>(found.tail(30).count()) / all;
        };
        const auto found = control_false_discoveries(p, 0.1);
        false_share += share(found.found);
        power += static_cast<double>(found.found.head(10).count()) / 10;
        careful_share += share(control_false_discoveries(p, 0.1, Dependence::arbitrary).found);
        one_by_one += share(p <= 0.1);
    }
    CAPTURE(false_share / samples, careful_share / samples, one_by_one / samples, power / samples);
    CHECK(false_share / samples < 0.086);
    CHECK(false_share / samples > 0.03);
    CHECK(careful_share < false_share / 2);
    CHECK(one_by_one / samples > 0.15);
    CHECK(power / samples > 0.8);
}

TEST_CASE("p-values and intervals are of one mind") {
    const double confidence = GENERATE(0.5, 0.9, 0.95, 0.999);
    const double null = GENERATE(0.0, 1.0);
    Matrix numbers = functions::uniform(7, 200, 3) - 0.5 + null;
    numbers.row(0) += 0.3;
    numbers(2, 5) = missing;
    numbers.col(6).tail(6) = missing;
    const auto interval = mean_with_t_interval(numbers, confidence, false);
    const Eigen::ArrayXd p = p_values_of_mean(numbers, false, null);
    const Eigen::ArrayXd same =
        p_values_of_interval(interval, confidence, interval.count.cast<double>() - 1, null);
    Eigen::Index outside = 0;
    for (Eigen::Index o = 0; o < 200; ++o) {
        if (o == 6) continue;
        const bool left_out = interval.low(o) > null || interval.high(o) < null;
        REQUIRE((p(o) < 1 - confidence) == left_out);
        REQUIRE(p(o) == Approx(same(o)).margin(1e-12));
        outside += left_out ? 1 : 0;
    }
    if (confidence < 0.99) CHECK(outside > 0);
    REQUIRE(std::isnan(p(6)));
}

TEST_CASE("p-values of a mean: nothing to find, and they are uniform") {
    const Matrix numbers = functions::uniform(12, 20'000, 4) - 0.5;
    const Eigen::ArrayXd p = p_values_of_mean(numbers, false);
    for (const double level : {0.01, 0.05, 0.2, 0.5, 0.8}) {
        // Five standard errors, and the little by which uniform numbers are not normal.
        const double share = static_cast<double>((p <= level).count()) / 20'000;
        CHECK(share == Approx(level).margin(5 * std::sqrt(level * (1 - level) / 20'000) + 0.004));
    }
}

TEST_CASE("p-values of a mean: proofs and blanks") {
    Matrix y(3, 8);
    y << 2, 0, inf, inf, missing, 5, 1e308, 1e-310,       //
        2, 0, 1, -inf, missing, missing, -1e308, 1e-310,  //
        2, 0, 2, 0, missing, missing, 1.5e308, 2e-310;
    const Eigen::ArrayXd p = p_values_of_mean(y, false);
    CHECK(p(0) == 0);
    CHECK(p(1) == 1);
    CHECK(p(2) == 0);
    CHECK(std::isnan(p(3)));
    CHECK(std::isnan(p(4)));
    CHECK(std::isnan(p(5)));
    CHECK((std::isnan(p(6)) || (p(6) >= 0 && p(6) <= 1)));
    CHECK(!(p(7) < 0 || p(7) > 1));
    const Eigen::ArrayXd proof = p_values_of_mean(y, true);
    CHECK(proof(0) == 0);
    CHECK(proof(1) == 1);
    CHECK(proof(5) == 0);
    CHECK(p_values_of_mean(y.leftCols(1), true, 2)(0) == 1);
    REQUIRE(p_values_of_mean(Matrix(0, 2), false).isNaN().all());
}
