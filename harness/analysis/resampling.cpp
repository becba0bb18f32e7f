#include "analysis/resampling.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "analysis/in_parallel.h"
#include "analysis/require.h"
#include "core/digest.h"
#include "core/special_values.h"

namespace faultline::analysis {

namespace {

/// SplitMix64 (Steele, Lea & Flood 2014): a word each few instructions, from any seed.
class Words {
  public:
    explicit Words(std::uint64_t seed) : state_(seed) {}
    std::uint64_t operator()() {
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31);
    }

  private:
    std::uint64_t state_;
};

}  // namespace

ResampleCounts::ResampleCounts(std::size_t rows, std::uint64_t resamples, std::uint64_t seed)
    : rows_(rows), resamples_(resamples) {
    constexpr std::uint64_t most_numbers = 500'000'000;
    if (resamples > most_numbers / std::max<std::uint64_t>(rows, 1))
        throw Error(ErrorKind::user, fmt::format("{} resamples of {} rows would not fit into "
                                                 "memory; ask for fewer",
                                                 resamples, rows));
    counts_.resize(rows_ * resamples_);
    const auto draw = [&](std::size_t from, std::size_t to) {
        for (std::size_t r = from; r < to; ++r) {
            Words words(Digest().add("resampling").add(seed).add(r).word());
            std::uint16_t* counts = counts_.data() + r * rows_;
            for (std::size_t i = 0; i < rows_; ++i) {
                // 53 bits times fewer than 2^31 rows: the bias towards any row is below 2^-22.
                const double uniform = static_cast<double>(words() >> 11) * 0x1p-53;
                ++counts[static_cast<std::size_t>(uniform * static_cast<double>(rows_))];
            }
        }
    };
    // A thread costs more than some thousand draws.
    if (counts_.size() < 1'000'000) {
        draw(0, resamples_);
    } else {
        in_parallel(resamples_, draw);
    }
}

Eigen::MatrixXd resampling_weights(Eigen::Index rows, std::uint64_t resamples, std::uint64_t seed) {
    const ResampleCounts counts(static_cast<std::size_t>(rows), resamples, seed);
    Eigen::MatrixXd weights(static_cast<Eigen::Index>(resamples), rows);
    for (Eigen::Index i = 0; i < rows; ++i)
        for (Eigen::Index r = 0; r < weights.rows(); ++r)
            weights(r, i) = static_cast<double>(
                counts(static_cast<std::size_t>(r), static_cast<std::size_t>(i)));
    return weights;
}

void percentiles(const Eigen::ArrayXXd& values, double confidence, Estimates& result) {
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
