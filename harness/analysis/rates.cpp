#include <algorithm>
#include <boost/math/distributions/binomial.hpp>

#include "analysis/estimate.h"
#include "analysis/require.h"

namespace faultline::analysis {

Rate clopper_pearson(std::int64_t hits, std::int64_t trials, double confidence) {
    require_confidence(confidence);
    if (hits < 0 || trials < 0 || hits > trials)
        throw Error(ErrorKind::internal, fmt::format("a rate of {} in {} trials", hits, trials));
    return clopper_pearson_of_shares(static_cast<double>(hits), static_cast<double>(trials),
                                     confidence);
}

Rate clopper_pearson_of_shares(double hits, double all, double confidence) {
    require_confidence(confidence);
    if (!(all > 0)) return {};
    hits = std::clamp(hits, 0.0, all);  // sums of shares may miss by a rounding
    using boost::math::binomial;
    const double tail = (1 - confidence) / 2;
    return {hits / all, hits == 0 ? 0 : binomial::find_lower_bound_on_p(all, hits, tail),
            hits == all ? 1 : binomial::find_upper_bound_on_p(all, hits, tail)};
}

}  // namespace faultline::analysis
