#pragma once

#include <cstdlib>

namespace faultline {

/// RapidCheck draws a new seed at every start unless told otherwise; a test that fails must fail for
/// everybody. Set RC_PARAMS to look further: RC_PARAMS="seed=7 max_success=10000".
inline const bool seed_is_fixed = setenv("RC_PARAMS", "seed=20240229", 0) == 0;

}  // namespace faultline
