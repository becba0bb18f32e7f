#include <cstdlib>
#include <optional>

#include "design/sample_size.h"
#include "design/samplers.h"

namespace faultline::design {
namespace {

using Signs = Eigen::ArrayXXi;

/// Larger screening designs than this belong to group methods.
constexpr std::uint64_t most_factors = 2000;

bool is_prime(int n) {
    if (n < 2) return false;
    for (int d = 2; d * d <= n; ++d)
        if (n % d == 0) return false;
    return true;
}

/// The p of q = p² for an odd prime p, or 0.
int root_prime(int q) {
    for (int p = 3; p * p <= q; p += 2)
        if (p * p == q && is_prime(p)) return p;
    return 0;
}

/// Jacobsthal's matrix: 1 where i − j is a square in the field of q elements, −1 where it is not, 0
/// where it is 0. q is a prime p, or p²: its elements are then a + b√n, numbered a + bp, with n no
/// square modulo p.
Signs jacobsthal(int q) {
    const int p = is_prime(q) ? q : root_prime(q);
    Eigen::ArrayXi of_prime = Eigen::ArrayXi::Constant(p, -1);
    of_prime(0) = 0;
    for (int x = 1; x < p; ++x) of_prime(x * x % p) = 1;
    int n = 2;
    while (of_prime(n % p) != -1) ++n;
    Eigen::ArrayXi character = Eigen::ArrayXi::Constant(q, -1);
    for (int x = 0; x < q; ++x) {
        const int a = x % p, b = x / p;
        character((a * a + n * b * b) % p + 2 * a * b % p * p) = 1;
    }
    character(0) = 0;
    Signs matrix(q, q);
    for (int i = 0; i < q; ++i)
        for (int j = 0; j < q; ++j)
            matrix(i, j) = character((i % p - j % p + p) % p + (i / p - j / p + p) % p * p);
    return matrix;
}

/// Order 92 (Baumert, Golomb & Hall 1962, "Discovery of an Hadamard matrix of order 92"): four
/// symmetric circulants of order 23 whose squares add up to 92, in Williamson's array.
Signs williamson_92() {
    const char* rows[] = {"++---+---+-++-+---+---+", "+-++-++--++++++--++-++-",
                          "+++---++-+-++-+-++---++", "+++-+++-+------+-+++-++"};
    constexpr int n = 23;
    // Which circulant stands where in the array, and with which sign.
    const int place[4][4] = {{1, 2, 3, 4}, {-2, 1, -4, 3}, {-3, 4, 1, -2}, {-4, -3, 2, 1}};
    Signs h(4 * n, 4 * n);
    for (int i = 0; i < 4 * n; ++i)
        for (int j = 0; j < 4 * n; ++j) {
            const int which = place[i / n][j / n];
            const char sign = rows[std::abs(which) - 1][(j % n - i % n + n) % n];
            h(i, j) = (sign == '+') == (which > 0) ? 1 : -1;
        }
    return h;
}

/// q = 3 modulo 4: order q + 1 (Paley 1933, I).
Signs paley_one(int q) {
    Signs h(q + 1, q + 1);
    h.setOnes();
    h.block(1, 0, q, 1) = -1;
    h.block(1, 1, q, q) = jacobsthal(q);
    h.matrix().diagonal().setOnes();
    return h;
}

/// q = 1 modulo 4: order 2(q + 1) (Paley 1933, II).
Signs paley_two(int q) {
    Signs s(q + 1, q + 1);
    s.setOnes();
    s(0, 0) = 0;
    s.block(1, 1, q, q) = jacobsthal(q);
    Signs h(2 * (q + 1), 2 * (q + 1));
    for (int i = 0; i <= q; ++i)
        for (int j = 0; j <= q; ++j) {
            // Off the diagonal s times [1 1; 1 −1], on it [1 −1; −1 −1].
            const bool diagonal = i == j;
            h(2 * i, 2 * j) = diagonal ? 1 : s(i, j);
            h(2 * i, 2 * j + 1) = diagonal ? -1 : s(i, j);
            h(2 * i + 1, 2 * j) = diagonal ? -1 : s(i, j);
            h(2 * i + 1, 2 * j + 1) = diagonal ? -1 : -s(i, j);
        }
    return h;
}

std::optional<Signs> hadamard(int order) {
    if (order == 2) {
        Signs h(2, 2);
        h << 1, 1, 1, -1;
        return h;
    }
    if (order % 4 != 0) return std::nullopt;
    if (is_prime(order - 1)) return paley_one(order - 1);
    if (const int q = order / 2 - 1; q % 4 == 1 && (is_prime(q) || root_prime(q) != 0))
        return paley_two(q);
    if (order == 92) return williamson_92();
    const auto half = hadamard(order / 2);
    if (!half) return std::nullopt;
    Signs h(order, order);
    h << *half, *half, *half, -*half;
    return h;
}

}  // namespace

Sample plackett_burman(std::uint64_t factors) {
    if (factors > most_factors)
        throw Error(ErrorKind::user,
                    fmt::format("found {} factors, expected at most {}", factors, most_factors));
    const auto k = static_cast<int>(factors);
    int order = (k / 4 + 1) * 4;
    std::optional<Signs> h = hadamard(order);
    while (!h) h = hadamard(order += 4);
    // Turning a row's signs keeps its columns orthogonal: the first column becomes all ones, which
    // is the mean, and the others are then balanced.
    for (int i = 0; i < order; ++i)
        if ((*h)(i, 0) < 0) h->row(i) = -h->row(i);
    Sample sample = sized_sample(static_cast<std::uint64_t>(2 * order), factors);
    sample.topRows(order) = h->middleCols(1, k).cast<double>();
    sample.bottomRows(order) = -sample.topRows(order);
    return sample;
}

Sample full_factorial(std::uint64_t factors, std::uint64_t levels) {
    if (levels < 2)
        throw Error(ErrorKind::user, fmt::format("found {} levels, expected at least 2", levels));
    std::uint64_t runs = 1;
    for (std::uint64_t j = 0; j < factors && j < 64; ++j) runs = times(runs, levels);
    Sample sample = sized_sample(runs, factors);
    const auto steps = static_cast<double>(levels - 1);
    for (Eigen::Index i = 0; i < sample.rows(); ++i) {
        auto rest = static_cast<std::uint64_t>(i);
        for (Eigen::Index j = sample.cols() - 1; j >= 0; --j, rest /= levels)
            sample(i, j) = 2 * static_cast<double>(rest % levels) / steps - 1;
    }
    return sample;
}

}  // namespace faultline::design
