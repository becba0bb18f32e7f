#include "analysis/resampling.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "analysis/require.h"
#include "core/digest.h"

namespace faultline::analysis {

Eigen::MatrixXd resampling_weights(Eigen::Index rows, std::uint64_t resamples, std::uint64_t seed) {
    constexpr std::uint64_t most_numbers = 500'000'000;
    if (resamples > most_numbers / static_cast<std::uint64_t>(std::max<Eigen::Index>(rows, 1)))
        throw Error(ErrorKind::user, fmt::format("{} resamples of {} rows would not fit into "
                                                 "memory; ask for fewer",
                                                 resamples, rows));
    std::mt19937_64 bits(Digest().add("resampling").add(seed).word());
    Eigen::MatrixXd weights = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(resamples), rows);
    for (Eigen::Index r = 0; r < weights.rows(); ++r)
        for (Eigen::Index i = 0; i < rows; ++i) {
            // 53 bits times fewer than 2^31 rows: the bias towards any row is below 2^-22.
            const double uniform = static_cast<double>(bits() >> 11) * 0x1p-53;
            weights(r, static_cast<Eigen::Index>(uniform * static_cast<double>(rows))) += 1;
        }
    return weights;
}

void percentiles(const Eigen::ArrayXXd& values, double confidence, Estimates& result) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    result.low = Eigen::ArrayXd::Constant(values.cols(), -infinity);
    result.high = Eigen::ArrayXd::Constant(values.cols(), infinity);
    for (Eigen::Index o = 0; o < values.cols(); ++o) {
        std::vector<double> sorted;
        for (const double value : values.col(o))
            if (!std::isnan(value)) sorted.push_back(value);
        if (sorted.empty() || 2 * static_cast<Eigen::Index>(sorted.size()) < values.rows())
            continue;
        std::sort(sorted.begin(), sorted.end());
        // Linear between order statistics (Hyndman & Fan 1996, type 7).
        const auto at = [&](double share) {
            const double place = share * static_cast<double>(sorted.size() - 1);
            const auto below = static_cast<std::size_t>(place);
            const auto above = std::min(below + 1, sorted.size() - 1);
            return sorted[below] + (place - std::floor(place)) * (sorted[above] - sorted[below]);
        };
        result.low(o) = std::min(at((1 - confidence) / 2), result.estimate(o));
        result.high(o) = std::max(at((1 + confidence) / 2), result.estimate(o));
    }
}

}  // namespace faultline::analysis
