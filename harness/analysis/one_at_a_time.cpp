#include "analysis/change.h"
#include "analysis/estimate.h"
#include "analysis/require.h"

namespace faultline::analysis {

Eigen::ArrayXXd change_from(const Eigen::Ref<const Eigen::ArrayXXd>& outputs,
                            const Eigen::Ref<const Eigen::ArrayXd>& baseline) {
    require_same_length("the baseline", baseline.size(), outputs.cols());
    const auto base = baseline.transpose().replicate(outputs.rows(), 1);
    return (outputs == base).select(0.0, outputs - base);
}

Estimates one_at_a_time_effect(const Eigen::Ref<const Eigen::ArrayXXd>& outputs,
                               const Eigen::Ref<const Eigen::ArrayXd>& baseline, double confidence,
                               bool deterministic) {
    return mean_with_t_interval(change_from(outputs, baseline), confidence, deterministic);
}

}  // namespace faultline::analysis
