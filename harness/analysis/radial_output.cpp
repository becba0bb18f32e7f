#include "analysis/radial_output.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/vector_size.h"

namespace faultline::analysis {
namespace {

/// What one look at a row's runs tells. Eight of each, so that the loops below are vector
/// instructions; the sums are the same on every machine, whatever its vectors.
struct Look {
    static constexpr Eigen::Index lanes = 8;
    double sum[lanes] = {}, largest[lanes] = {}, broken[lanes] = {};

    [[nodiscard]] bool whole() const {
        return std::all_of(broken, broken + lanes, [](double b) { return b == 0; });
    }
};

FAULTLINE_BY_VECTOR_SIZE
void look_at(const double* y, Eigen::Index n, double pivot, Look& look) {
    constexpr Eigen::Index lanes = Look::lanes;
    Eigen::Index i = 0;
    for (; i + lanes <= n; i += lanes)
        for (Eigen::Index l = 0; l < lanes; ++l) {
            // Halved, so that the difference of the largest numbers does not overflow.
            const double distance = y[i + l] * 0.5 - pivot, size = std::abs(distance);
            look.sum[l] += distance;
            look.largest[l] = size > look.largest[l] ? size : look.largest[l];
            look.broken[l] += y[i + l] - y[i + l];  // NaN where y is not finite
        }
    for (Eigen::Index l = 0; i < n; ++i, ++l) {
        const double distance = y[i] * 0.5 - pivot, size = std::abs(distance);
        look.sum[l] += distance;
        look.largest[l] = size > look.largest[l] ? size : look.largest[l];
        look.broken[l] += y[i] - y[i];
    }
}

FAULTLINE_BY_VECTOR_SIZE
void centre(const double* y, Eigen::Index n, double scale, double pivot, double mean,
            double* values) {
    for (Eigen::Index i = 0; i < n; ++i) values[i] = (y[i] * scale - pivot) - mean;
}

}  // namespace

RadialOutput::RadialOutput(const Eigen::Ref<const Eigen::ArrayXd>& outputs, Eigen::Index factors,
                           bool second_order)
    : runs_(outputs.data()),
      rows_(outputs.size() / (second_order ? 2 * factors + 2 : factors + 2)),
      factors_(factors),
      step_(second_order ? 2 * factors + 2 : factors + 2),
      kept_(static_cast<std::size_t>(rows_)) {
    scan();
}

void RadialOutput::scan() {
    bool found = false;
    double sum = 0, largest = 0, pivot = 0;
    for (Eigen::Index i = 0; i < rows_; ++i) {
        const double* runs = runs_ + i * step_;
        // A value that occurs: sums of distances from it lose no digits to a large offset.
        if (!found) pivot = runs[0] * 0.5;
        Look look;
        look_at(runs, step_, pivot, look);
        if (!look.whole()) continue;
        found = true;
        kept_[static_cast<std::size_t>(i)] = 1;
        ++count_;
        double of_row = 0;
        for (const double part : look.sum) of_row += part;
        sum += of_row;
        for (const double part : look.largest) largest = std::max(largest, part);
    }
    if (!found) return;
    // A few units in the last place of a number are rounding, not an effect.
    constant_ = largest <= 16 * std::numeric_limits<double>::epsilon() * std::abs(pivot);
    // A power of two costs no digits. The smallest numbers are left small enough for their squares.
    int exponent = 0;
    if (largest > 0) std::frexp(largest, &exponent);
    const double unit = std::ldexp(1.0, std::min(-exponent, 1000));
    scale_ = unit * 0.5;
    pivot_ = pivot * unit;
    const double runs_kept = static_cast<double>(count_) * static_cast<double>(step_);
    if (std::isfinite(sum)) {
        mean_ = sum / runs_kept * unit;
        return;
    }
    for (Eigen::Index i = 0; i < rows_; ++i)
        for (Eigen::Index c = 0; kept(i) && c < step_; ++c)
            mean_ += (runs_[i * step_ + c] * scale_ - pivot_) / runs_kept;
}

void RadialOutput::row(Eigen::Index row, double* values) const {
    const double* runs = runs_ + row * step_;
    centre(runs, factors_ + 1, scale_, pivot_, mean_, values);
    values[factors_ + 1] = (runs[step_ - 1] * scale_ - pivot_) - mean_;
}

}  // namespace faultline::analysis
