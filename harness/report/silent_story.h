#pragma once

#include <string>
#include <vector>

#include "findings/result.h"

namespace faultline::report {

/// A silent failure in words, the same in every report. Not made harmless yet but for the names of
/// metrics: see display_text.h.

/// Is its worst a number that moved, and not a series that came or went?
bool has_number(const findings::Silent& silent);
/// "−68 % (928 → 296)", or from what to what alone where a share says nothing. Needs a number.
std::string moved_by(const findings::Silent& silent);
/// "moves revenue[territory=East] by −15 % (249,280 → 210,649), 5.17 tolerances in the worst of 16
/// trials, and makes margin and 1 more vanish".
std::string what_it_does(const findings::Silent& silent);
/// What silent failures are ordered by, see Harm in findings: infinite where the tolerance is 0.
double weight_of(const findings::Silent& silent);
/// A tolerance of 0 first, then by the damage, where a segment that vanished or appeared counts 1.
std::vector<const findings::Silent*> silent_worst_first(const findings::Result& result);

}  // namespace faultline::report
