#pragma once

#include "findings/evidence.h"
#include "findings/result.h"

namespace faultline::findings {

using Outcomes = std::map<std::string, std::uint64_t>;  ///< every outcome by name, 0 included

/// Everything that is counted rather than estimated.
Outcomes outcomes_of_all(const Evidence& evidence);
/// Of the trials that perturb this node and no other.
Outcomes outcomes_of_node(const Evidence& evidence, std::size_t node);
std::vector<PerturbationResult> perturbation_results(const Evidence& evidence);
std::vector<CheckResult> check_results(const Evidence& evidence);
std::vector<FloorResult> floor_results(const Evidence& evidence);
/// Crashes and time-outs that are the same failure, counted, in the order of their first trial.
std::vector<FailureResult> failure_results(const Evidence& evidence);

}  // namespace faultline::findings
