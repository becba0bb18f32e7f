#include "analysis/one_pass.h"

#include "analysis/vector_size.h"

namespace faultline::analysis {
namespace {

using Eigen::Index;

/// `together` base rows at once, so that a sum is loaded and stored once for all of them: memory
/// then is what takes the time.
template <Index together>
[[gnu::always_inline]] inline void add_rows(const double* __restrict runs, Index step, Index k,
                                            double pivot, double* __restrict sums) {
    const double* ab[together];
    double a[together], b[together];
    double* scalar = sums + 4 * k;
    for (Index r = 0; r < together; ++r) {
        const double* row = runs + r * step;
        ab[r] = row + 1;
        a[r] = row[0] - pivot;
        b[r] = row[step - 1] - pivot;
        scalar[1] += a[r];
        scalar[2] += b[r];
        scalar[3] += a[r] * a[r];
        scalar[4] += b[r] * b[r];
    }
    scalar[0] += static_cast<double>(together);
    double* __restrict plain = sums, * __restrict squares = sums + k, * __restrict products = sums + 2 * k, * __restrict steps = sums + 3 * k;
    for (Index j = 0; j < k; ++j) {
        double of_plain = 0, of_squares = 0, of_products = 0, of_steps = 0;
        for (Index r = 0; r < together; ++r) {
            const double value = ab[r][j] - pivot, moved = value - a[r];
            of_plain += value;
            of_squares += value * value;
            of_products += b[r] * value;
            of_steps += moved * moved;
        }
        plain[j] += of_plain;
        squares[j] += of_squares;
        products[j] += of_products;
        steps[j] += of_steps * 0.5;
    }
}

}  // namespace

FAULTLINE_BY_VECTOR_SIZE
void add_martinez_sums(const double* runs, Index rows, Index step, Index factors, double pivot,
                       double* sums) {
    constexpr Index together = 4;
    Index i = 0;
    for (; i + together <= rows; i += together)
        add_rows<together>(runs + i * step, step, factors, pivot, sums);
    for (; i < rows; ++i) add_rows<1>(runs + i * step, step, factors, pivot, sums);
}

}  // namespace faultline::analysis
