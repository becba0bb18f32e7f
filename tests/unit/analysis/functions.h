#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <vector>

/// Functions with known indices, and i.i.d. radial designs to run them on: the tests of this layer
/// link no sampler.
namespace functions {

using Matrix = Eigen::ArrayXXd;

inline Matrix uniform(Eigen::Index rows, Eigen::Index cols, std::uint64_t seed) {
    std::mt19937_64 bits(seed);
    Matrix x(rows, cols);
    for (Eigen::Index i = 0; i < rows; ++i)
        for (Eigen::Index j = 0; j < cols; ++j)
            x(i, j) = static_cast<double>(bits() >> 11) * 0x1p-53;
    return x;
}

/// Runs in the order A, AB_1 …, (BA_1 …), B for each row of `base` (its halves are A and B).
inline Matrix radial(const Matrix& base, bool second) {
    const Eigen::Index k = base.cols() / 2, step = second ? 2 * k + 2 : k + 2;
    Matrix x(base.rows() * step, k);
    for (Eigen::Index i = 0; i < base.rows(); ++i) {
        const auto a = base.row(i).head(k), b = base.row(i).tail(k);
        x.row(i * step) = a;
        x.row((i + 1) * step - 1) = b;
        for (Eigen::Index j = 0; j < k; ++j) {
            x.row(i * step + 1 + j) = a;
            x(i * step + 1 + j, j) = b(j);
            if (!second) continue;
            x.row(i * step + 1 + k + j) = b;
            x(i * step + 1 + k + j, j) = a(j);
        }
    }
    return x;
}

/// Walks from one half of each row of `base` to the other, each player in turn, in an order drawn
/// for every walk: what shapley_effects() takes. `groups` as in core/groups.h.
inline Matrix walks(const Matrix& base, std::uint64_t seed,
                    const std::vector<std::uint64_t>& groups = {}) {
    const Eigen::Index k = base.cols() / 2;
    std::vector<std::uint64_t> group_of = groups;
    for (Eigen::Index j = 0; groups.empty() && j < k; ++j)
        group_of.push_back(static_cast<std::uint64_t>(j));
    const auto players =
        static_cast<Eigen::Index>(*std::max_element(group_of.begin(), group_of.end()) + 1);
    std::mt19937_64 bits(seed);
    std::vector<std::uint64_t> order(static_cast<std::size_t>(players));
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    Matrix x(base.rows() * (players + 1), k);
    for (Eigen::Index walk = 0, run = 0; walk < base.rows(); ++walk) {
        for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[bits() % i]);
        x.row(run++) = base.row(walk).head(k);
        for (const std::uint64_t player : order) {
            x.row(run) = x.row(run - 1);
            for (Eigen::Index j = 0; j < k; ++j)
                if (group_of[static_cast<std::size_t>(j)] == player) x(run, j) = base(walk, k + j);
            ++run;
        }
    }
    return x;
}

/// Points of the rank-1 lattice of a Korobov generator, shifted at random: a stand-in for a
/// scrambled sequence, each replicate independent of the others.
inline Matrix shifted_lattice(Eigen::Index rows, Eigen::Index cols, std::uint64_t seed) {
    const Matrix shift = uniform(1, cols, seed);
    Matrix x(rows, cols);
    for (Eigen::Index i = 0; i < rows; ++i) {
        std::uint64_t generator = 1;
        for (Eigen::Index j = 0; j < cols; ++j) {
            const double value = static_cast<double>(generator * static_cast<std::uint64_t>(i) %
                                                     static_cast<std::uint64_t>(rows)) /
                                     static_cast<double>(rows) +
                                 shift(0, j);
            x(i, j) = value - std::floor(value);
            generator = generator * 76 % static_cast<std::uint64_t>(rows);
        }
    }
    return x;
}

/// a = 7, b = 0.1, of numbers in (0, 1) scaled to (−π, π).
inline Matrix ishigami(const Matrix& unit) {
    const Matrix x = (2 * unit - 1) * std::numbers::pi;
    return x.col(0).sin() + 7 * x.col(1).sin().square() +
           0.1 * x.col(2).square().square() * x.col(0).sin();
}
inline const std::vector<double> ishigami_first{0.31390519114781146, 0.4424111447900409, 0};
inline const std::vector<double> ishigami_total{0.5575888552099592, 0.4424111447900409,
                                                0.2436836640621477};
inline const std::vector<double> ishigami_shapley{0.4357470231788853, 0.4424111447900409,
                                                  0.12184183203107385};
inline const double ishigami_13 = 0.2436836640621477;

inline const std::vector<double> g_weights{0, 1, 4.5, 9, 99, 99, 99, 99};
inline Matrix sobol_g(const Matrix& x) {
    Matrix y = Matrix::Ones(x.rows(), 1);
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
        const double a = g_weights[static_cast<std::size_t>(j)];
        y *= ((4 * x.col(j) - 2).abs() + a) / (1 + a);
    }
    return y;
}
inline const std::vector<double> g_first{0.71619217,   0.17904804,   0.023675774,  0.0071619217,
                                         7.1619217e-5, 7.1619217e-5, 7.1619217e-5, 7.1619217e-5};
inline const std::vector<double> g_total{0.78714413,   0.24219819,   0.03431691,   0.010460387,
                                         1.0494905e-4, 1.0494905e-4, 1.0494905e-4, 1.0494905e-4};

}  // namespace functions
