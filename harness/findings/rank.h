#pragma once

#include "findings/estimates.h"
#include "findings/result.h"

namespace faultline::findings {

/// The perturbed nodes, the most harmful first by the order of Harm, equals in the pipeline's
/// order.
std::vector<Ranked> rank(const Evidence& evidence, const std::vector<DoseEstimates>& estimates);

}  // namespace faultline::findings
