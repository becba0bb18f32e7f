#pragma once

#include <string>

#include "findings/check_scores.h"

namespace faultline::findings {

/// What somebody who owns this check should hear, the gravest thing first; empty: nothing.
std::string check_remark(const CheckScore& score);

}  // namespace faultline::findings
