#pragma once

#include <string>
#include <vector>

#include "findings/evidence.h"

namespace faultline::findings {

/// What makes the result worth less than it looks, in sentences.
std::vector<std::string> warnings_of(const Evidence& evidence);

}  // namespace faultline::findings
