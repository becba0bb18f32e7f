#include <boost/math/distributions/binomial.hpp>

#include "analysis/estimate.h"
#include "analysis/require.h"

namespace faultline::analysis {

Rate clopper_pearson(std::int64_t hits, std::int64_t trials, double confidence) {
    require_confidence(confidence);
    if (hits < 0 || trials < 0 || hits > trials)
        throw Error(ErrorKind::internal, fmt::format("a rate of {} in {} trials", hits, trials));
    if (trials == 0) return {};
    using boost::math::binomial;
    const auto n = static_cast<double>(trials), k = static_cast<double>(hits);
    const double tail = (1 - confidence) / 2;
    return {k / n, binomial::find_lower_bound_on_p(n, k, tail),
            binomial::find_upper_bound_on_p(n, k, tail)};
}

}  // namespace faultline::analysis
