#pragma once

#include <Eigen/Core>

#include "core/groups.h"

namespace faultline::cli {

/// Outputs of another design would give Sobol' indices all the same, and wrong ones: throws
/// Error(user) naming the first run that is not where `faultline sample --method sobol` puts it.
void require_radial(const Eigen::ArrayXXd& inputs, const Groups& groups, bool second_order);

}  // namespace faultline::cli
