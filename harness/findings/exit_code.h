#pragma once

#include "findings/result.h"

namespace faultline::findings {

/// The program's exit code for a run that got as far as a result, the first that applies: 4 failed,
/// 130 interrupted, 1 deviated, 2 unknown, 0 held.
int exit_code(const Result& result);

}  // namespace faultline::findings
