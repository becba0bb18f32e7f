#pragma once

#include "findings/estimates.h"
#include "findings/result.h"

namespace faultline::findings {

/// The rows of the contract, by perturbation and severity: effect and damage of every series, then
/// lost_rate and new_rate where there is something to say, then crash_rate.
std::vector<Attribution> attribute(const Evidence& evidence,
                                   const std::vector<DoseEstimates>& estimates);

}  // namespace faultline::findings
