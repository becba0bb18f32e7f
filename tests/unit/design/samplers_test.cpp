#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "core/blocks.h"
#include "core/error.h"
#include "design/samplers.h"

using namespace faultline;
using namespace faultline::design;

namespace {

/// Every interval [i/n, (i+1)/n) has just one of the n values.
bool one_in_each(const Eigen::ArrayXd& values) {
    std::set<long> cells;
    for (const double value : values)
        cells.insert(static_cast<long>(std::floor(value * static_cast<double>(values.size()))));
    return static_cast<Eigen::Index>(cells.size()) == values.size();
}

bool same(const Sample& a, const Sample& b) {
    return a.rows() == b.rows() && a.cols() == b.cols() && (a == b).all();
}

}  // namespace

TEST_CASE("sobol points: each factor is stratified, pairs are nets, and none is on an edge") {
    const std::uint64_t seed = GENERATE(0, 1, 77);
    const Sample points = sobol_points(40, 256, seed);
    REQUIRE((points > 0 && points < 1).all());
    for (Eigen::Index j = 0; j < points.cols(); ++j) {
        REQUIRE(one_in_each(points.col(j)));
        // The whole point of a sequence: its first 64 are a net too.
        REQUIRE(one_in_each(points.col(j).head(64)));
    }
    // The first two dimensions are a (0, m, 2) net: one point in every cell of 16 by 16.
    REQUIRE(one_in_each(((points.col(0) * 16).floor() * 16 + (points.col(1) * 16).floor() + 0.5) /
                        256));
}

TEST_CASE("sobol points: a seed is a scramble of its own, the same every time, 0 like any other") {
    REQUIRE(same(sobol_points(3, 50, 0), sobol_points(3, 50, 0)));
    REQUIRE_FALSE(same(sobol_points(3, 50, 0), sobol_points(3, 50, 1)));
    // To the bit, on any machine.
    CHECK(sobol_points(2, 2, 0)(1, 1) * 0x1p32 - 0.5 == 2728173660.0);
    // Each point by itself is uniform over the scrambles: here the second, of 4000 scrambles. The
    // mean of 4000 uniform numbers is off by 0.018 (four deviations) once in 15,000.
    double sum = 0;
    for (std::uint64_t seed = 0; seed < 4000; ++seed) sum += sobol_points(2, 2, seed)(1, 1);
    REQUIRE(sum / 4000 == Approx(0.5).margin(0.018));
}

TEST_CASE("sobol points integrate a smooth function far better than independent ones") {
    double quasi = 0, independent = 0;
    const auto error = [](const Sample& x) {
        return std::abs((x.col(0) * x.col(1) * x.col(2).exp()).mean() - 0.25 * (std::exp(1.0) - 1));
    };
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        quasi += error(sobol_points(3, 1000, seed));
        independent += error(uniform_points(3, 1000, seed));
    }
    REQUIRE(quasi < independent / 8);
}

TEST_CASE("radial sample: rows stand in SALib's order") {
    const bool second = GENERATE(false, true);
    const std::uint64_t k = GENERATE(1, 3), n = 10;
    const Sample sample = radial_sample(k, n, 5, {second, 2});
    const auto factors = static_cast<Eigen::Index>(k);
    const Eigen::Index step = second ? 2 * factors + 2 : factors + 2;
    REQUIRE(sample.rows() == static_cast<Eigen::Index>(n) * step);
    for (Eigen::Index from = 0; from < sample.rows(); from += step) {
        const auto a = sample.row(from), b = sample.row(from + step - 1);
        REQUIRE((a != b).all());
        for (Eigen::Index run = 1; run <= factors; ++run)
            for (Eigen::Index j = 0; j < factors; ++j) {
                REQUIRE(sample(from + run, j) == (j == run - 1 ? b(j) : a(j)));
                if (second)
                    REQUIRE(sample(from + factors + run, j) == (j == run - 1 ? a(j) : b(j)));
            }
    }
}

TEST_CASE("radial sample: replicates are blocks of their own scrambles, whatever the rows") {
    const std::uint64_t rows = GENERATE(1, 2, 7, 64, 100);
    const Sample sample = radial_sample(2, rows, 3, {false, 8});
    const std::uint64_t blocks = blocks_in(rows, 8);
    std::uint64_t from = 0;
    for (std::uint64_t block = 0; block < blocks; ++block) {
        std::uint64_t size = 0;
        while (from + size < rows && block_of(from + size, rows, blocks) == block) ++size;
        REQUIRE(size >= rows / blocks);
        REQUIRE(size <= rows / blocks + 1);
        if (rows == 64) {
            Eigen::ArrayXd first(8);
            for (Eigen::Index i = 0; i < 8; ++i)
                first(i) = sample((static_cast<Eigen::Index>(from) + i) * 4, 0);
            REQUIRE(one_in_each(first));
        }
        from += size;
    }
    REQUIRE(from == rows);
}

TEST_CASE("radial samples and trajectories of groups: all columns of a group, and no other, move") {
    const Groups groups{1, 0, 1, 2, 0};
    const auto members = members_of(groups, 5);
    const auto moves = [&](const Sample& s, Eigen::Index from, Eigen::Index to, std::size_t group) {
        for (Eigen::Index j = 0; j < 5; ++j)
            if ((s(from, j) != s(to, j)) != (groups[static_cast<std::size_t>(j)] == group))
                return false;
        return true;
    };
    const Sample radial = radial_sample(5, 20, 1, {true, 8, groups});
    REQUIRE(radial.rows() == 20 * 8);
    for (Eigen::Index from = 0; from < radial.rows(); from += 8)
        for (std::size_t g = 0; g < 3; ++g) {
            const auto place = static_cast<Eigen::Index>(g);
            REQUIRE(moves(radial, from, from + 1 + place, g));
            REQUIRE(moves(radial, from + 7, from + 4 + place, g));
        }
    const Sample blocks = morris_radial(5, 20, 1, groups);
    REQUIRE(blocks.rows() == 20 * 4);
    for (Eigen::Index from = 0; from < blocks.rows(); from += 4)
        for (std::size_t g = 0; g < 3; ++g)
            REQUIRE(moves(blocks, from, from + 1 + static_cast<Eigen::Index>(g), g));
    const bool optimised = GENERATE(false, true);
    const Sample steps = morris_trajectories(5, 20, 1, 4, optimised, groups);
    REQUIRE(steps.rows() == 20 * 4);
    for (Eigen::Index from = 0; from < steps.rows(); from += 4) {
        std::set<std::size_t> seen;
        for (Eigen::Index i = from; i < from + 3; ++i)
            for (std::size_t g = 0; g < 3; ++g)
                if (moves(steps, i, i + 1, g)) seen.insert(g);
        REQUIRE(seen.size() == 3);
    }
    REQUIRE_THROWS_AS(radial_sample(5, 20, 1, {true, 8, Groups{0, 1}}), Error);
}

TEST_CASE("shapley walks: from one point to the other, each player once, every order as likely") {
    const Groups groups = GENERATE(Groups{}, Groups{0, 1, 0, 2});
    const std::uint64_t factors = 4, rows = 3000, players = groups.empty() ? 4 : 3;
    const Sample sample = shapley_sample(factors, rows, 0, {8, groups});
    const auto length = static_cast<Eigen::Index>(players + 1);
    REQUIRE(sample.rows() == static_cast<Eigen::Index>(rows) * length);
    const auto members = members_of(groups, factors);
    std::vector<double> first(players);
    std::set<std::vector<std::size_t>> orders;
    for (Eigen::Index from = 0; from < sample.rows(); from += length) {
        REQUIRE((sample.row(from) != sample.row(from + length - 1)).all());
        std::vector<std::size_t> order;
        for (Eigen::Index step = 1; step < length; ++step)
            for (std::size_t player = 0; player < players; ++player) {
                const bool moves =
                    std::any_of(members[player].begin(), members[player].end(), [&](auto j) {
                        const auto column = static_cast<Eigen::Index>(j);
                        return sample(from + step, column) != sample(from + step - 1, column);
                    });
                if (moves) order.push_back(player);
            }
        REQUIRE(std::set<std::size_t>(order.begin(), order.end()).size() == players);
        REQUIRE(order.size() == players);
        first[order.front()] += 1;
        orders.insert(order);
    }
    REQUIRE(orders.size() == (players == 4 ? 24 : 6));
    // 3000 walks, a quarter or a third of them each: off by 100 (four deviations) once in 15,000.
    for (const double count : first)
        REQUIRE(std::abs(count - 3000.0 / static_cast<double>(players)) < 100);
    REQUIRE(same(sample, shapley_sample(factors, rows, 0, {8, groups})));
    REQUIRE_FALSE(same(sample, shapley_sample(factors, rows, 1, {8, groups})));
}

TEST_CASE("morris trajectories: one factor a step, by the stated step, on the grid") {
    const std::uint64_t levels = GENERATE(2, 4, 6);
    const bool optimised = GENERATE(false, true);
    const Sample sample = morris_trajectories(5, 7, 0, levels, optimised);
    REQUIRE(sample.rows() == 7 * 6);
    const double p = static_cast<double>(levels), step = p / (2 * (p - 1));
    REQUIRE((sample >= 0 && sample <= 1).all());
    const Eigen::ArrayXXd on_grid = sample * (p - 1);
    REQUIRE((on_grid - on_grid.round()).abs().maxCoeff() < 1e-12);
    for (Eigen::Index from = 0; from < sample.rows(); from += 6) {
        std::set<Eigen::Index> moved;
        for (Eigen::Index i = 1; i <= 5; ++i) {
            const Eigen::ArrayXd change = sample.row(from + i) - sample.row(from + i - 1);
            REQUIRE((change != 0).count() == 1);
            Eigen::Index j = 0;
            REQUIRE(change.abs().maxCoeff(&j) == Approx(step));
            moved.insert(j);
        }
        REQUIRE(moved.size() == 5);
    }
}

TEST_CASE("morris trajectories: optimised ones lie further apart") {
    const auto spread = [](const Sample& s) {
        double sum = 0;
        for (Eigen::Index i = 0; i < s.rows(); ++i)
            sum += (s.rowwise() - s.row(i)).square().rowwise().sum().sqrt().sum();
        return sum;
    };
    double plain = 0, optimised = 0;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        plain += spread(morris_trajectories(4, 6, seed, 4, false));
        optimised += spread(morris_trajectories(4, 6, seed, 4, true));
    }
    REQUIRE(optimised > 1.02 * plain);
}

TEST_CASE("morris radial: every step starts from the block's first run and really moves") {
    const Sample sample = morris_radial(3, 9, 0);
    REQUIRE(sample.rows() == 36);
    for (Eigen::Index i = 0; i < 36; ++i)
        for (Eigen::Index j = 0; j < 3 && i % 4 != 0; ++j)
            REQUIRE((sample(i, j) != sample(i - i % 4, j)) == (j == i % 4 - 1));
}

TEST_CASE("plackett-burman: there is one for every multiple of 4 to 112") {
    for (std::uint64_t order = 4; order <= 112; order += 4) {
        const Sample sample = plackett_burman(order - 1);
        CAPTURE(order);
        REQUIRE(sample.rows() == static_cast<Eigen::Index>(2 * order));
        const Eigen::MatrixXd product =
            sample.matrix().transpose() * sample.matrix() / static_cast<double>(2 * order);
        REQUIRE(product.isIdentity(1e-12));
        REQUIRE(sample.topRows(sample.rows() / 2).colwise().sum().abs().maxCoeff() == 0);
    }
}

TEST_CASE("plackett-burman: orthogonal, balanced, folded over, as small as there are") {
    const std::uint64_t k = GENERATE(1, 3, 4, 11, 12, 19, 23, 27, 35, 39, 47, 51, 55, 75, 99, 200);
    const Sample sample = plackett_burman(k);
    const Eigen::Index half = sample.rows() / 2;
    const auto next = static_cast<Eigen::Index>((k / 4 + 1) * 4);
    REQUIRE(half == next);
    REQUIRE((sample.abs() == 1).all());
    REQUIRE((sample.topRows(half) == -sample.bottomRows(half)).all());
    const Eigen::MatrixXd x = sample.topRows(half).matrix();
    REQUIRE(x.colwise().sum().isZero(0));
    REQUIRE(
        (x.transpose() * x)
            .isApprox(Eigen::MatrixXd::Identity(x.cols(), x.cols()) * static_cast<double>(half)));
}

TEST_CASE("full factorial and one at a time") {
    const Sample all = full_factorial(3, 2);
    REQUIRE(all.rows() == 8);
    REQUIRE((all.row(0) == -1).all());
    REQUIRE((all.row(7) == 1).all());
    REQUIRE(all(1, 2) == 1);
    REQUIRE(full_factorial(2, 3)(4, 0) == 0);
    const Sample single = one_at_a_time_sample(2, 2);
    Sample expected(6, 2);
    expected << 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1;
    REQUIRE(same(single, expected));
}

TEST_CASE("scaling maps the ends of a column onto its bounds") {
    Sample sample = full_factorial(2, 2);
    scale(sample, {{0, 10}, {5, 4}}, -1);
    Sample expected(4, 2);
    expected << 0, 5, 0, 4, 10, 5, 10, 4;
    REQUIRE(same(sample, expected));
    REQUIRE_THROWS_AS(scale(sample, {{0, 1}}, 0), Error);
}

TEST_CASE("designs that cannot be are refused before they fill the memory") {
    REQUIRE_THROWS_WITH(sobol_points(0, 4, 0), Catch::Contains("at least one factor"));
    REQUIRE_THROWS_WITH(uniform_points(2, 0, 0), Catch::Contains("at least one row"));
    REQUIRE_THROWS_WITH(radial_sample(2000, 2, 0, {}), Catch::Contains("4000 dimensions"));
    REQUIRE_THROWS_WITH(uniform_points(2, UINT64_MAX, 0), Catch::Contains("may have"));
    REQUIRE_THROWS_AS(radial_sample(3, 4, 0, {false, 0}), Error);
    REQUIRE_THROWS_AS(morris_trajectories(2, 2, 0, 5, false), Error);
    REQUIRE_THROWS_AS(full_factorial(70, 2), Error);
    REQUIRE_THROWS_AS(full_factorial(3, 1), Error);
    REQUIRE_THROWS_AS(plackett_burman(0), Error);
}
