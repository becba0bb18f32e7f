#pragma once

#include <Eigen/Core>
#include <vector>

#include "analysis/estimate.h"

namespace faultline::analysis {

/// Outputs that lost the same runs.
struct SurvivingRuns {
    std::vector<Eigen::Index> runs;     ///< with a finite output, ascending
    std::vector<Eigen::Index> outputs;  ///< columns
};

/// What has to be done once for the inputs is done once a group, not once an output.
std::vector<SurvivingRuns> surviving_runs(const Eigen::Ref<const Eigen::ArrayXXd>& outputs);

/// An entry a factor, of NaN and unbounded, with the counts of runs: what an estimator fills in.
/// Throws Error(user) where inputs and outputs do not match, or an input is not finite.
std::vector<Estimates> nothing_known(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                                     const Eigen::Ref<const Eigen::ArrayXXd>& outputs);

/// Less their mean and divided by the largest distance from it, so that squares neither overflow
/// nor vanish; exactly 0 where nothing but rounding moves them. All are finite.
Eigen::ArrayXd centred(const Eigen::Ref<const Eigen::ArrayXd>& values);

}  // namespace faultline::analysis
