#pragma once

#include <string>

#include "findings/evidence.h"
#include "findings/result.h"

namespace faultline::findings {

/// What a dose response says, for a person and in the fault's own units: "jitter on orders (noise
/// of price): from 3.1 % on revenue[territory=EMEA] moves more than 2 %; the first check,
/// price_range, fires at 40 %, and up to there nobody would notice".
std::string dose_sentence(const Evidence& evidence, std::size_t perturbation,
                          const DoseResponse& response);

}  // namespace faultline::findings
