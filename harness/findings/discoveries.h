#pragma once

#include <vector>

#include "findings/estimates.h"
#include "findings/result.h"
#include "findings/sampled.h"

namespace faultline::findings {

/// One test a perturbation (at each dose) and series that it reaches: is its mean effect more than
/// the noise floor? Effects of a fault that draws nothing are proofs, and so is any change between
/// two trials that differ in one factor alone. The false discovery rate is controlled over all of
/// them at once (Benjamini & Hochberg 1995; the tests share one baseline, so they depend on each
/// other positively). `sampled` may be null.
Discovered discoveries(const Evidence& evidence, const std::vector<DoseEstimates>& estimates,
                       const Sampled* sampled);

}  // namespace faultline::findings
