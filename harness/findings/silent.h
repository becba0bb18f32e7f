#pragma once

#include "findings/evidence.h"
#include "findings/result.h"

namespace faultline::findings {

/// By perturbation that had silent trials: the worst number of the worst of them.
std::vector<Silent> silent_failures(const Evidence& evidence);

}  // namespace faultline::findings
