#pragma once

#include "findings/evidence.h"
#include "findings/result.h"

namespace faultline::findings {

/// By perturbation that had silent trials: the worst number of all of them, and what they lost and
/// gained.
std::vector<Silent> silent_failures(const Evidence& evidence);

}  // namespace faultline::findings
