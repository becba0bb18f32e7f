#include <catch2/catch.hpp>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "analysis/morris.h"
#include "core/error.h"
#include "functions.h"

using namespace faultline;
using namespace faultline::analysis;
using functions::Matrix;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// Radial blocks of i.i.d. points.
Matrix blocks(Eigen::Index rows, Eigen::Index factors, std::uint64_t seed) {
    const Matrix base = functions::uniform(rows, 2 * factors, seed);
    Matrix x(rows * (factors + 1), factors);
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
        const Eigen::Index row = i / (factors + 1), moved = i % (factors + 1) - 1;
        x.row(i) = base.row(row).head(factors);
        if (moved >= 0) x(i, moved) = base(row, factors + moved);
    }
    return x;
}

}  // namespace

TEST_CASE("morris: what SALib computes from the same numbers, to 1e-10") {
    std::ifstream file(std::string(FAULTLINE_SOURCE_DIR) + "/tests/unit/analysis/peers/salib.json");
    const auto golden = nlohmann::json::parse(file);
    REQUIRE(golden["morris"].size() == 3);
    for (const auto& entry : golden["morris"]) {
        const std::vector<double> x = entry["x"], y = entry["y"];
        const auto runs = static_cast<Eigen::Index>(y.size()),
                   factors = static_cast<Eigen::Index>(entry["factors"]);
        const Eigen::Array<double, -1, -1, Eigen::RowMajor> inputs =
            Eigen::Map<const Eigen::Array<double, -1, -1, Eigen::RowMajor>>(x.data(), runs,
                                                                            factors);
        const auto found = morris_indices(
            Matrix(inputs), Matrix(Eigen::Map<const Eigen::ArrayXd>(y.data(), runs)), {});
        for (std::size_t j = 0; j < found.mu.size(); ++j) {
            CHECK(std::abs(found.mu[j].estimate(0) - entry["mu"][j].get<double>()) < 1e-10);
            CHECK(std::abs(found.mu_star[j].estimate(0) - entry["mu_star"][j].get<double>()) <
                  1e-10);
            CHECK(std::abs(found.sigma[j].estimate(0) - entry["sigma"][j].get<double>()) < 1e-10);
        }
    }
}

TEST_CASE("morris: a linear output has its slopes, no spread and no doubt") {
    const Matrix x = blocks(10, 2, 1);
    const auto found = morris_indices(x, 3 + 7 * x.col(0) - 0.1 * x.col(1), {});
    CHECK(found.mu[0].estimate(0) == Approx(7));
    CHECK(found.mu[1].estimate(0) == Approx(-0.1));
    CHECK(found.mu_star[1].estimate(0) == Approx(0.1));
    CHECK(found.mu_star[0].high(0) - found.mu_star[0].low(0) < 1e-9);
    CHECK(found.sigma[0].estimate(0) < 1e-12);
}

TEST_CASE("morris: constants, one factor, one trajectory, failed runs, outliers") {
    const Matrix x = blocks(6, 1, 2);
    const auto constant = morris_indices(x, Matrix::Constant(12, 1, 0.1), {});
    for (const auto* e : {&constant.mu[0], &constant.mu_star[0], &constant.sigma[0]}) {
        REQUIRE(e->estimate(0) == 0);
        REQUIRE(e->low(0) == 0);
        REQUIRE(e->high(0) == 0);
    }
    const auto one = morris_indices(x.topRows(2), x.topRows(2).square(), {});
    REQUIRE(std::isfinite(one.mu[0].estimate(0)));
    REQUIRE(one.mu[0].high(0) == inf);
    REQUIRE(std::isnan(one.sigma[0].estimate(0)));

    Matrix y = x.square();
    y(3, 0) = missing;
    y(4, 0) = inf;
    const auto holes = morris_indices(x, y, {});
    REQUIRE(holes.mu[0].count(0) == 4);
    REQUIRE(std::isfinite(holes.sigma[0].high(0)));
    y = x.square();
    y(5, 0) = 1e308;
    const auto outlier = morris_indices(x * 1e-3, y, {});
    REQUIRE_FALSE(std::isnan(outlier.sigma[0].low(0)));
    REQUIRE_FALSE(std::isnan(outlier.mu[0].low(0)));
    const auto none = morris_indices(x, Matrix::Constant(12, 1, missing), {});
    REQUIRE(std::isnan(none.mu[0].estimate(0)));
    REQUIRE(none.mu[0].low(0) == -inf);
}

TEST_CASE("morris: runs that are no trajectory are named") {
    Matrix x = blocks(3, 2, 3);
    REQUIRE_THROWS_WITH(morris_indices(x.topRows(5), x.topRows(5), {}),
                        Catch::Contains("multiple of 3"));
    x(5, 0) = 0.5;
    x(5, 1) = 0.25;
    REQUIRE_THROWS_WITH(morris_indices(x, x, {}), Catch::Contains("run 6"));
}

TEST_CASE("morris: a group has the effect of its factors together, and no direction") {
    // Both columns of the group move at once, once up and once across.
    Matrix x(6, 3);
    x << 0, 0, 0,     //
        0.5, 0, 0.5,  //
        0.5, 1, 0.5,  //
        1, 1, 0,      //
        1, 0.5, 0,    //
        0.5, 0.5, 0.5;
    const Matrix y = 4 * x.col(0) + 7 * x.col(1) - 2 * x.col(2);
    MorrisOptions options;
    options.groups = {0, 1, 0};
    const auto found = morris_indices(x, y, options);
    REQUIRE(found.mu.size() == 2);
    REQUIRE(found.trajectories == 2);
    // |4 · 0.5 − 2 · 0.5| / 0.5 and |−4 · 0.5 − 2 · 0.5| / 0.5
    CHECK(found.mu_star[0].estimate(0) == Approx((2.0 + 6.0) / 2));
    REQUIRE(std::isnan(found.mu[0].estimate(0)));
    REQUIRE(std::isnan(found.sigma[0].estimate(0)));
    CHECK(found.mu[1].estimate(0) == Approx(7));
    CHECK(found.sigma[1].estimate(0) == 0);
    REQUIRE_THROWS_WITH(morris_indices(x, y, {}), Catch::Contains("multiple of 4"));
}
