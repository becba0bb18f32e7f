#pragma once

#include "findings/estimates.h"
#include "findings/result.h"
#include "findings/sampled.h"

namespace faultline::findings {

/// Who depends on whom, and what it costs. `ranking` has the damage of each node's own trouble;
/// `sampled` may be null.
Structure describe_structure(const Evidence& evidence, const std::vector<DoseEstimates>& estimates,
                             const Sampled* sampled, const std::vector<Ranked>& ranking);

/// "Their trouble, our output", in the order of the pipeline's owners; a pair for every owner whose
/// nodes are perturbed and every owner of an output that a metric looks at and the trouble can
/// reach.
std::vector<OwnerDamage> owner_matrix(const Evidence& evidence,
                                      const std::vector<DoseEstimates>& estimates,
                                      const Sampled* sampled);

}  // namespace faultline::findings
