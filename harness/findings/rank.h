#pragma once

#include "findings/estimates.h"
#include "findings/result.h"
#include "findings/sampled.h"

namespace faultline::findings {

/// The perturbed nodes, the most harmful first by the order of Harm, equals in the pipeline's
/// order. Of doses and players the worst speaks for a node; several nodes that one player moves
/// together share what it does. `sampled` may be null.
std::vector<Ranked> rank(const Evidence& evidence, const std::vector<DoseEstimates>& estimates,
                         const Sampled* sampled);

}  // namespace faultline::findings
