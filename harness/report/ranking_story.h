#pragma once

#include <string>

#include "findings/result.h"

namespace faultline::report {

/// The parts of a row of the ranking in words, the same in every report. Not made harmless yet.

/// "12.3", "∞" where nothing is tolerated, "–" where no number says.
std::string damage_text(const findings::Ranked& node);
/// "[11.9, 12.8]", "exact", or empty.
std::string interval_text(const findings::Ranked& node);
/// The interval's heading, from the confidence that the damages were estimated with.
std::string interval_heading(const findings::Result& result);
/// What the row's numbers do not say: which metric, by which fault, and what became of the rest. A
/// sentence a perturbation.
std::string ranking_details(const findings::Result& result, const findings::Ranked& node);
/// "5 of 9 nodes leave a tolerance beyond chance; …"; empty where nothing was tested.
std::string discoveries_text(const findings::Result& result);

}  // namespace faultline::report
