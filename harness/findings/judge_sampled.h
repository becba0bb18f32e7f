#pragma once

#include <string>
#include <vector>

#include "findings/sampled.h"

namespace faultline::findings {

/// What the trials that vary everything at once say about holding, in sentences.
struct SampledReasons {
    std::vector<std::string> deviated, unknown;
};

/// Deviated: something crashed or timed out, a series vanished or appeared, a player's mean change
/// or that of all together has a lower bound beyond its tolerance. Unknown: an interval contains 1,
/// or too little survived.
SampledReasons judge_sampled(const Evidence& evidence, const Sampled& sampled);

}  // namespace faultline::findings
