#pragma once

#include "findings/estimates.h"
#include "findings/result.h"
#include "findings/sampled.h"

namespace faultline::findings {

struct Verdict {
    std::string word;                  ///< "held", "deviated", "unknown"
    std::vector<std::string> reasons;  ///< sentences that a person can act on
};

/// `deviated`: something crashed or timed out, a series vanished or appeared, or some damage's
/// lower bound exceeds 1. `unknown`: an interval contains 1, too few trials survived, a fault was
/// not applied at severity 1, or the run did not get to its end. Else `held`. `sampled` may be
/// null.
Verdict judge(const Evidence& evidence, const std::vector<DoseEstimates>& estimates,
              const Sampled* sampled, const std::string& status);

}  // namespace faultline::findings
