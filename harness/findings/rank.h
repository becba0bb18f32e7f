#pragma once

#include "findings/estimates.h"
#include "findings/result.h"

namespace faultline::findings {

/// The perturbed nodes, the most harmful first: unbounded damage, then the larger of the damage and
/// 1 where something crashed, vanished or appeared, then the damage, then the pipeline's order.
std::vector<Ranked> rank(const Evidence& evidence, const std::vector<DoseEstimates>& estimates);

}  // namespace faultline::findings
