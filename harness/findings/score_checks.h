#pragma once

#include "findings/evidence.h"
#include "findings/result.h"

namespace faultline::findings {

/// How well the pipeline's checks tell faults from benign changes. The rules are in
/// docs/concepts.md, "The checks' own score".
CheckScores score_checks(const Evidence& evidence);

}  // namespace faultline::findings
