#pragma once

#include <vector>

#include "findings/estimates.h"
#include "findings/result.h"

namespace faultline::findings {

/// By perturbation that was tried alone at more than one dose, or that is on or off: where it
/// begins to harm, where it begins to be noticed, and the curve between. From all single doses of
/// the run, whatever design chose them.
std::vector<DoseResponse> dose_responses(const Evidence& evidence,
                                         const std::vector<DoseEstimates>& estimates);

}  // namespace faultline::findings
