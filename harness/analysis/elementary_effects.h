#pragma once

#include <Eigen/Core>
#include <vector>

#include "core/groups.h"

namespace faultline::analysis {

/// Δy/Δx, by factor: trajectories × outputs, NaN where a run has no finite output. See morris.h for
/// the layout of the runs. With groups, an entry a group: Δy/Δx where it has one factor, and
/// |Δy| / mean |Δx| of its factors where it has several, which have no common direction.
/// Throws Error(user) naming the run that breaks it.
std::vector<Eigen::ArrayXXd> elementary_effects(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                                                const Eigen::Ref<const Eigen::ArrayXXd>& outputs,
                                                const Groups& groups = {});

}  // namespace faultline::analysis
