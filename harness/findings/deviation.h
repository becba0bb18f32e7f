#pragma once

#include <string>
#include <vector>

#include "findings/estimates.h"
#include "findings/harm.h"

namespace faultline::findings {

/// What speaks against one dose: it crashed or timed out, a series vanished or appeared, or some
/// damage's lower bound exceeds 1.
struct Deviation {
    const DoseEstimates* of_dose = nullptr;  ///< borrowed
    Harm harm;
    std::string does;  ///< "loses margin_rate[category=Tea], and moves orders by 3.1 tolerances"
};

/// Nothing where nothing speaks against it.
std::optional<Deviation> deviation_of(const Evidence& evidence, const DoseEstimates& of_dose);

/// A sentence a perturbation, the worst first. Of several severities the worst one speaks, and the
/// lowest that deviates is named.
std::vector<std::string> deviations(const Evidence& evidence,
                                    const std::vector<DoseEstimates>& estimates);

}  // namespace faultline::findings
