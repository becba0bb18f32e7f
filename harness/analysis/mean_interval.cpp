#include <fmt/format.h>

#include <boost/math/distributions/students_t.hpp>
#include <limits>

#include "analysis/estimate.h"
#include "analysis/require.h"
#include "core/special_values.h"

namespace faultline::analysis {
namespace {

/// Half the width of a t interval in standard deviations, t(n-1) / sqrt(n), by the number of
/// observations n, for those of `counts`; unbounded below two. A quantile is dear: one for each
/// number that occurs.
Eigen::ArrayXd half_widths(const Eigen::ArrayXi& counts, Eigen::Index most, double confidence) {
    Eigen::ArrayXd widths = Eigen::ArrayXd::Constant(std::max<Eigen::Index>(most, 1) + 1, infinity);
    for (const int n : counts) {
        if (n < 2 || widths(n) < infinity) continue;
        const boost::math::students_t distribution(static_cast<double>(n - 1));
        widths(n) = quantile(complement(distribution, (1 - confidence) / 2)) /
                    std::sqrt(static_cast<double>(n));
    }
    return widths;
}

}  // namespace

Estimates mean_with_t_interval(const Eigen::Ref<const Eigen::ArrayXXd>& observations,
                               double confidence, bool deterministic) {
    require_confidence(confidence);
    using Mask = Eigen::Array<bool, Eigen::Dynamic, 1>;
    const Eigen::Index outputs = observations.cols();
    Estimates result;
    if (observations.rows() == 0) {
        result.count = Eigen::ArrayXi::Zero(outputs);
        result.estimate = result.low = result.high = Eigen::ArrayXd::Constant(outputs, nothing);
        return result;
    }

    const auto present = !observations.isNaN();
    const auto finite = observations.isFinite().eval();
    result.count = present.colwise().count().cast<int>().transpose();
    const Eigen::ArrayXd n = result.count.cast<double>();

    // Sums are taken of distances from each column's smallest value: equal observations then have
    // exactly their own value as mean and no spread, and a large offset costs no digits.
    const Eigen::ArrayXd smallest =
        finite.select(observations, infinity).colwise().minCoeff().transpose();
    const Eigen::ArrayXd pivot = smallest.isFinite().select(smallest, 0.0);
    const Eigen::ArrayXXd distance = finite.select(observations.rowwise() - pivot.transpose(), 0.0);
    const Eigen::ArrayXd mean = distance.colwise().sum().transpose() / n;
    const Eigen::ArrayXXd deviation = finite.select(distance.rowwise() - mean.transpose(), 0.0);
    const Eigen::ArrayXd deviation_of_mean =
        (deviation.square().colwise().sum().transpose() / (n - 1).max(1)).sqrt();

    result.estimate = pivot + mean;
    const Eigen::ArrayXd half =
        half_widths(result.count, observations.rows(), confidence)(result.count) *
        deviation_of_mean;
    // 0 * inf: one observation has no spread, and its interval is all the same unbounded.
    const Mask alone = result.count < 2;
    const Eigen::ArrayXd reach =
        deterministic ? Eigen::ArrayXd(Eigen::ArrayXd::Zero(outputs))
                      : Eigen::ArrayXd((alone || half.isNaN()).select(infinity, half));
    result.low = result.estimate - reach;
    result.high = result.estimate + reach;

    const Mask up = (observations == infinity).colwise().any().transpose();
    const Mask down = (observations == -infinity).colwise().any().transpose();
    const Mask none = result.count == 0;
    const auto settle = [&](const Mask& where, double estimate, double low, double high) {
        result.estimate = where.select(estimate, result.estimate);
        result.low = where.select(low, result.low);
        result.high = where.select(high, result.high);
    };
    settle(result.estimate.isNaN() || result.low.isNaN() || result.high.isNaN(), nothing, -infinity,
           infinity);
    settle(up && !down, infinity, infinity, infinity);
    settle(down && !up, -infinity, -infinity, -infinity);
    settle(up && down, nothing, -infinity, infinity);
    settle(none, nothing, nothing, nothing);
    return result;
}

}  // namespace faultline::analysis
