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

/// Jacobsthal's matrix: 1 where i − j is a square modulo q, −1 where it is not, 0 where it is 0.
Signs jacobsthal(int q) {
    Eigen::ArrayXi character = Eigen::ArrayXi::Constant(q, -1);
    character(0) = 0;
    for (int x = 1; x < q; ++x) character(x * x % q) = 1;
    Signs matrix(q, q);
    for (int i = 0; i < q; ++i)
        for (int j = 0; j < q; ++j) matrix(i, j) = character((i - j + q) % q);
    return matrix;
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
    if (const int q = order / 2 - 1; q % 4 == 1 && is_prime(q)) return paley_two(q);
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
