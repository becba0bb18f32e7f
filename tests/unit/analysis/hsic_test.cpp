#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "analysis/discoveries.h"
#include "analysis/hsic.h"
#include "core/error.h"
#include "functions.h"
#include "soundness.h"

using namespace faultline;
using namespace faultline::analysis;
using functions::Matrix;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

HsicOptions with(std::uint64_t permutations) {
    HsicOptions options;
    options.permutations = permutations;
    return options;
}

/// By the definition, with whole matrices.
double normalised(const Eigen::ArrayXd& x, const Eigen::ArrayXd& y) {
    const auto kernel = [](const Eigen::ArrayXd& v) -> Eigen::MatrixXd {
        const double variance = (v - v.mean()).square().sum() / static_cast<double>(v.size() - 1);
        Eigen::MatrixXd k(v.size(), v.size());
        for (Eigen::Index i = 0; i < v.size(); ++i)
            k.row(i) = (-(v - v(i)).square() / (2 * variance)).exp().matrix().transpose();
        k.rowwise() -= k.colwise().mean().eval();
        k.colwise() -= k.rowwise().mean().eval();
        return k;
    };
    const Eigen::MatrixXd k = kernel(x), l = kernel(y);
    return k.cwiseProduct(l).sum() / (k.norm() * l.norm());
}

}  // namespace

TEST_CASE("hsic: what OpenTURNS computes from the same numbers, to 1e-10") {
    // openturns 1.27, HSICEstimatorGlobalSensitivity with HSICVStat and SquaredExponential kernels
    // as wide as the standard deviations.
    Matrix x(60, 2);
    for (int i = 0; i < 60; ++i) x.row(i) << (i * 17 + 3) % 61 / 61.0, (i * 29 + 11) % 61 / 61.0;
    const Matrix y = (6 * x.col(0)).sin() + 0.3 * x.col(1).square();
    const auto found = hsic_indices(x, y, with(1));
    CHECK(std::abs(found.r2[0].estimate(0) - 0.7760253183680758) < 1e-10);
    CHECK(std::abs(found.r2[1].estimate(0) - 0.01424728007581027) < 1e-10);
}

TEST_CASE("hsic: the definition, whatever the values") {
    const double power = GENERATE(1.0, 8.0, 40.0);
    Matrix x = functions::uniform(150, 3, 1);
    x.col(1) = (4 * x.col(1)).floor();
    x.col(2) = x.col(2).pow(power);
    const Matrix y = functions::ishigami(x);
    const auto found = hsic_indices(x, y, with(1));
    for (Eigen::Index j = 0; j < 3; ++j)
        CHECK(std::abs(found.r2[static_cast<std::size_t>(j)].estimate(0) -
                       normalised(x.col(j), y.col(0))) < 1e-10);
}

TEST_CASE("hsic: the third input of Ishigami is found, an inert one is not") {
    const Matrix x = functions::uniform(1500, 5, 2);
    const auto found = hsic_indices(x, functions::ishigami(x), with(299));
    // S1 of x3 is 0: it moves the spread of the output, never its mean.
    for (std::size_t j = 0; j < 3; ++j) {
        CHECK(found.p_value[j].estimate(0) == Approx(1.0 / 300));
        CHECK(found.p_value[j].high(0) < 0.02);
    }
    CHECK(found.p_value[3].estimate(0) > 0.05);
    CHECK(found.p_value[4].estimate(0) > 0.05);
    Eigen::ArrayXd p(5);
    for (Eigen::Index j = 0; j < 5; ++j)
        p(j) = found.p_value[static_cast<std::size_t>(j)].estimate(0);
    REQUIRE(control_false_discoveries(p, 0.05).found.count() == 3);
    for (const auto& r2 : found.r2) {
        REQUIRE(r2.estimate(0) > 0);
        REQUIRE(r2.estimate(0) < 1);
    }
    CHECK(hsic_indices(x, x.col(1) * 7 - 2, with(9)).r2[1].estimate(0) == Approx(1));
}

TEST_CASE("hsic: without dependence p-values are uniform") {
    // 600 samples; shares have a standard error below 0.0205, and three of them are allowed.
    constexpr int samples = 600;
    int low = 0, half = 0;
    for (std::uint64_t seed = 0; seed < samples; ++seed) {
        const Matrix x = functions::uniform(40, 2, 100 + seed);
        const auto found = hsic_indices(x.col(0), x.col(1), with(99));
        low += found.p_value[0].estimate(0) <= 0.1 ? 1 : 0;
        half += found.p_value[0].estimate(0) <= 0.5 ? 1 : 0;
    }
    CHECK(low == Approx(0.1 * samples).margin(3 * std::sqrt(0.09 * samples)));
    CHECK(half == Approx(0.5 * samples).margin(3 * std::sqrt(0.25 * samples)));
}

TEST_CASE("hsic: units, offsets and the order of factors change nothing") {
    const Matrix x = functions::uniform(80, 3, 3), y = functions::ishigami(x);
    const auto plain = hsic_indices(x, y, with(49));
    Matrix turned(80, 3);
    turned << x.col(2), x.col(0), x.col(1);
    const Matrix units[] = {y + 1e6, y * -1e-3, y * 1e300, y * 1e-300};
    for (const Matrix& same : units) {
        const auto found = hsic_indices(turned, same, with(49));
        for (std::size_t j = 0; j < 3; ++j) {
            CHECK(found.r2[(j + 1) % 3].estimate(0) == Approx(plain.r2[j].estimate(0)));
            CHECK(found.p_value[(j + 1) % 3].estimate(0) == plain.p_value[j].estimate(0));
        }
    }
}

TEST_CASE("hsic: failed runs, constants, outliers and little are right or unknown") {
    Matrix x = functions::uniform(60, 2, 4);
    x.col(1) = 3;
    Matrix y(60, 4);
    y << functions::sobol_g(x), functions::sobol_g(x), Matrix::Constant(60, 1, 0.3),
        Matrix::Constant(60, 1, missing);
    y(4, 0) = missing;
    y(9, 0) = inf;
    y(7, 1) = GENERATE(1e12, -1.7e308);
    const auto found = hsic_indices(x, y, with(49));
    require_sound(found.r2);
    require_sound(found.p_value);
    REQUIRE(found.r2[0].count(0) == 58);
    REQUIRE(found.r2[0].count(3) == 0);
    REQUIRE(std::isnan(found.r2[1].estimate(0)));
    REQUIRE(std::isnan(found.p_value[0].estimate(3)));
    REQUIRE(found.r2[0].high(2) == 0);
    REQUIRE(found.p_value[0].estimate(2) == 1);
    require_sound(hsic_indices(x.topRows(3), y.topRows(3), with(9)).r2);
    REQUIRE_THROWS_AS(hsic_indices(y, y, with(9)), Error);
    REQUIRE_THROWS_AS(hsic_indices(x, y, with(0)), Error);
}
