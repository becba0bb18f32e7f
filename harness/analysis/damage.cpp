#include <limits>

#include "analysis/change.h"
#include "analysis/estimate.h"
#include "analysis/require.h"
#include "core/special_values.h"

namespace faultline::analysis {

Estimates damage(const Eigen::Ref<const Eigen::ArrayXXd>& outputs,
                 const Eigen::Ref<const Eigen::ArrayXd>& baseline,
                 const Eigen::Ref<const Eigen::ArrayXd>& tolerance, double confidence,
                 bool deterministic) {
    require_same_length("the tolerance", tolerance.size(), outputs.cols());
    if ((tolerance < 0).any())
        throw Error(ErrorKind::user, "found a negative tolerance, expected 0 or more");

    const Eigen::ArrayXXd distance = change_from(outputs, baseline).abs();
    const auto allowed = tolerance.transpose().replicate(outputs.rows(), 1);
    // Two quotients that have no value of their own: 0/0 is no damage, inf/inf is all damage.
    Eigen::ArrayXXd ratio = distance / allowed;
    ratio = (distance == 0 && !allowed.isNaN()).select(0.0, ratio);
    ratio = (distance == infinity && !allowed.isNaN()).select(infinity, ratio);

    Estimates result = mean_with_t_interval(ratio, confidence, deterministic);
    result.low = (result.low < 0).select(0.0, result.low);
    return result;
}

}  // namespace faultline::analysis
