#pragma once

#include <Eigen/Core>
#include <vector>

#include "design/sampled.h"

namespace faultline::design {

/// Reads a factorial design back by least squares (analysis/regression.h): for each player
/// "effect", the change of the output from severity 0 to 1 averaged over all others, and "change",
/// its size; with `pairs` also "interaction", by how much the effect of one player grows when the
/// other goes from 0 to 1.
std::vector<IndexEstimates> factorial_estimates(const Eigen::ArrayXXd& inputs,
                                                const Eigen::ArrayXXd& outputs, bool pairs,
                                                double confidence);

}  // namespace faultline::design
