#include "analysis/radial_output.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace faultline::analysis {
namespace {

/// What one look at a row's runs tells. Eight of each, so that the loops below are vector
/// instructions; the sums are the same on every machine, whatever its vectors.
struct Look {
    static constexpr Eigen::Index lanes = 8;
    double sum[lanes] = {}, largest[lanes] = {}, broken[lanes] = {};

    void add(const double* y, Eigen::Index n, double pivot) {
        Eigen::Index i = 0;
        for (; i + lanes <= n; i += lanes)
            for (Eigen::Index l = 0; l < lanes; ++l) see(l, y[i + l], pivot);
        for (Eigen::Index l = 0; i < n; ++i, ++l) see(l, y[i], pivot);
    }
    void see(Eigen::Index lane, double y, double pivot) {
        // Halved, so that the difference of the largest numbers does not overflow.
        const double distance = y * 0.5 - pivot, size = std::abs(distance);
        sum[lane] += distance;
        largest[lane] = size > largest[lane] ? size : largest[lane];
        broken[lane] += y - y;  // NaN where y is not finite
    }
    [[nodiscard]] bool whole() const {
        return std::all_of(broken, broken + lanes, [](double b) { return b == 0; });
    }
};

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
    double sum = 0, largest = 0;
    for (Eigen::Index i = 0; i < rows_; ++i) {
        const double* runs = runs_ + i * step_;
        // A value that occurs: sums of distances from it lose no digits to a large offset.
        if (!found) pivot_ = runs[0] * 0.5;
        Look look;
        look.add(runs, step_, pivot_);
        if (!look.whole()) continue;
        found = true;
        kept_[static_cast<std::size_t>(i)] = 1;
        ++count_;
        double of_row = 0;
        for (const double part : look.sum) of_row += part;
        sum += of_row;
        for (const double part : look.largest) largest = std::max(largest, part);
    }
    if (!found) pivot_ = 0;
    // A few units in the last place of a number are rounding, not an effect.
    constant_ = largest <= 16 * std::numeric_limits<double>::epsilon() * std::abs(pivot_);
    if (largest > 0) unit_ = largest;
    if (count_ == 0) return;
    const double runs_kept = static_cast<double>(count_) * static_cast<double>(step_);
    if (std::isfinite(sum)) {
        mean_ = sum / runs_kept / unit_;
        return;
    }
    for (Eigen::Index i = 0; i < rows_; ++i)
        for (Eigen::Index c = 0; kept(i) && c < step_; ++c)
            mean_ += (runs_[i * step_ + c] * 0.5 - pivot_) / unit_ / runs_kept;
}

void RadialOutput::row(Eigen::Index row, double* values) const {
    const double* runs = runs_ + row * step_;
    for (Eigen::Index c = 0; c <= factors_; ++c)
        values[c] = (runs[c] * 0.5 - pivot_) / unit_ - mean_;
    values[factors_ + 1] = (runs[step_ - 1] * 0.5 - pivot_) / unit_ - mean_;
}

}  // namespace faultline::analysis
