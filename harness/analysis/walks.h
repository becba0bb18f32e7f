#pragma once

#include <Eigen/Core>

#include "core/groups.h"

namespace faultline::analysis {

/// Which player moves at each step of walks of players + 1 runs: steps × walks. A player is the
/// factors of one group; each moves once a walk. Where two values that a player could move between
/// are equal nothing is seen to move: those steps go to the players left over, in ascending order,
/// which makes no difference where equal inputs have equal outputs.
/// Throws Error(user) naming the first run (counted from 1) that belongs to no walk.
Eigen::ArrayXXi movers(const Eigen::Ref<const Eigen::ArrayXXd>& inputs, const Groups& groups);

}  // namespace faultline::analysis
