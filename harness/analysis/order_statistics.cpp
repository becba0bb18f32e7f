#include "analysis/order_statistics.h"

#include <boost/math/distributions/binomial.hpp>

#include "analysis/require.h"

namespace faultline::analysis {

MedianRanks median_ranks(std::uint64_t count, double confidence) {
    require_confidence(confidence);
    if (count == 0) throw Error(ErrorKind::internal, "the median of nothing");
    MedianRanks ranks;
    ranks.median = (count + 1) / 2;
    const boost::math::binomial below(static_cast<double>(count), 0.5);
    // x(l) exceeds the median when fewer than l observations lie below it.
    for (std::uint64_t l = 1; l <= ranks.median; ++l) {
        if (cdf(below, static_cast<double>(l) - 1) > (1 - confidence) / 2) break;
        ranks.low = l;
        ranks.high = count + 1 - l;
    }
    return ranks;
}

}  // namespace faultline::analysis
