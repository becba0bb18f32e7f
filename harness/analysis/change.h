#pragma once

#include <Eigen/Core>

namespace faultline::analysis {

/// outputs − baseline, replicate by replicate (replicates × outputs). Equal values differ by 0 even
/// when both are infinite; NaN where either side has no value.
Eigen::ArrayXXd change_from(const Eigen::Ref<const Eigen::ArrayXXd>& outputs,
                            const Eigen::Ref<const Eigen::ArrayXd>& baseline);

}  // namespace faultline::analysis
