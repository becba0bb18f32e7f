#pragma once

#include <string>
#include <vector>

#include "journal/records.h"

namespace faultline::findings {

/// What a perturbation says it did, over these trials: counts are added, names gathered, flags
/// or-ed, and "trials" says of how many trials. null when none of them has an answer key.
model::Json summed_answer_keys(const std::string& perturbation,
                               const std::vector<const journal::TrialRecord*>& trials);

}  // namespace faultline::findings
