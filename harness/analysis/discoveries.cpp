#include "analysis/discoveries.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <limits>
#include <vector>

#include "analysis/require.h"
#include "core/special_values.h"

namespace faultline::analysis {
namespace {

/// From the interval that was shown, so that what is called significant is what it leaves out.
double p_value(double estimate, double low, double high, double confidence, double freedom,
               double null) {
    if (std::isnan(estimate)) return nothing;
    if (std::isinf(estimate)) return 0;
    // The wider side, lest rounding make a test of an interval that is none.
    const double reach = std::max(estimate - low, high - estimate),
                 distance = std::abs(estimate - null);
    if (!std::isfinite(reach)) return nothing;
    if (reach == 0) return distance == 0 ? 1 : 0;
    if (!(freedom > 0)) return nothing;
    const boost::math::students_t t(freedom);
    const double ends = quantile(complement(t, (1 - confidence) / 2));
    // Divided first: a distance near the largest number times `ends` would overflow.
    return 2 * cdf(complement(t, std::min(distance / reach * ends, 1e300)));
}

}  // namespace

Discoveries control_false_discoveries(const Eigen::Ref<const Eigen::ArrayXd>& p_values, double rate,
                                      Dependence dependence) {
    if (!(rate > 0 && rate < 1))
        throw Error(ErrorKind::user,
                    fmt::format("found a false discovery rate of {}, expected a number between 0 "
                                "and 1",
                                rate));
    std::vector<Eigen::Index> order;
    for (Eigen::Index i = 0; i < p_values.size(); ++i) {
        if (std::isnan(p_values(i))) continue;
        if (p_values(i) < 0 || p_values(i) > 1)
            throw Error(ErrorKind::internal, fmt::format("found a p-value of {}", p_values(i)));
        order.push_back(i);
    }
    std::sort(order.begin(), order.end(),
              [&](Eigen::Index a, Eigen::Index b) { return p_values(a) < p_values(b); });

    Discoveries result;
    result.tested = static_cast<Eigen::Index>(order.size());
    result.adjusted = Eigen::ArrayXd::Constant(p_values.size(), nothing);
    const auto tests = static_cast<double>(order.size());
    double penalty = 1;
    for (std::size_t i = 2; dependence == Dependence::arbitrary && i <= order.size(); ++i)
        penalty += 1 / static_cast<double>(i);
    // From the largest down: the i-th smallest is found if any p-value from it on is small enough.
    double smallest = 1;
    for (std::size_t i = order.size(); i > 0; --i) {
        smallest =
            std::min(smallest, p_values(order[i - 1]) * penalty * tests / static_cast<double>(i));
        result.adjusted(order[i - 1]) = smallest;
    }
    result.found = result.adjusted <= rate;
    return result;
}

Eigen::ArrayXd p_values_of_interval(const Estimates& estimates, double confidence,
                                    const Eigen::Ref<const Eigen::ArrayXd>& freedom, double null) {
    require_confidence(confidence);
    require_same_length("the degrees of freedom", freedom.size(), estimates.estimate.size());
    Eigen::ArrayXd result(estimates.estimate.size());
    for (Eigen::Index o = 0; o < result.size(); ++o)
        result(o) = p_value(estimates.estimate(o), estimates.low(o), estimates.high(o), confidence,
                            freedom(o), null);
    return result;
}

Eigen::ArrayXd p_values_of_mean(const Eigen::Ref<const Eigen::ArrayXXd>& observations,
                                bool deterministic, double null) {
    // Any confidence does: the interval's width is divided by the same quantile.
    constexpr double confidence = 0.95;
    const Estimates mean = mean_with_t_interval(observations, confidence, deterministic);
    return p_values_of_interval(mean, confidence, mean.count.cast<double>() - 1, null);
}

}  // namespace faultline::analysis
