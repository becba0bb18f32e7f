#pragma once

#include <vector>

#include "findings/estimates.h"
#include "findings/result.h"
#include "findings/sampled.h"

namespace faultline::findings {

/// Which nodes leave a tolerance, beyond chance. One test a perturbation (at each dose), or a
/// player, and series that it reaches: is its mean damage above 1? (Student's t, one-sided; a fault
/// that draws nothing is a proof either way.) The false discovery rate is controlled over all of
/// them at once (Benjamini & Hochberg 1995; the tests share one baseline, so they depend on each
/// other positively). `sampled` may be null.
Discovered discoveries(const Evidence& evidence, const std::vector<DoseEstimates>& estimates,
                       const Sampled* sampled);

}  // namespace faultline::findings
