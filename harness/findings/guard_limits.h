#pragma once

#include <vector>

#include "findings/guard_candidates.h"

namespace faultline::findings {

/// Which of the profiled trials, and which parts of the data, limits may be learnt from.
struct Lessons {
    std::vector<std::size_t> silent, harmless;  ///< positions in Profiles::records
    std::vector<std::size_t> parts;
};

/// How far the unperturbed data move this number by themselves: three standard deviations of the
/// difference of two runs, or the candidate's floor. Of a range or a freshness the largest movement
/// seen.
Margins natural_margins(const Candidate& candidate, const std::vector<std::size_t>& parts);

/// Limits: the natural ones; wider, where that keeps harmless trials from tripping the guard and
/// costs it less than it gains; then half of the way towards the nearest silent trial that it
/// catches, but no more than twice as wide. Strict candidates have none.
Margins learn_margins(const Candidate& candidate, const Lessons& lessons);

bool fires(const Candidate& candidate, const Excess& excess, const Margins& margins);

/// The margins with limits that have no more digits than they need, which catch the same `silent`
/// trials.
Margins rounded(const Candidate& candidate, const Margins& margins,
                const std::vector<std::size_t>& silent);

}  // namespace faultline::findings
