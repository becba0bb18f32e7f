#pragma once

#include <Eigen/Core>
#include <vector>

namespace faultline::analysis {

/// Δy/Δx, by factor: trajectories × outputs, NaN where a run has no finite output. See morris.h for
/// the layout of the runs. Throws Error(user) naming the run that breaks it.
std::vector<Eigen::ArrayXXd> elementary_effects(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                                                const Eigen::Ref<const Eigen::ArrayXXd>& outputs);

}  // namespace faultline::analysis
