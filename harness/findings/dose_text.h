#pragma once

#include <string>

#include "findings/evidence.h"

namespace faultline::findings {

/// A severity of a perturbation in its own units: "3.1 %" for a share, "×1.31" for a factor, "2 %
/// of rows" where severity scales how many are hit, "12 seconds", "delta 0.4". "on" for what is on
/// or off, "severity 0.3" where no parameter tells the dose.
std::string dose_text(const Evidence& evidence, std::size_t perturbation, double severity);

/// "3.1 %" or "2.4": how far a metric may move, where one number says it; else empty.
std::string tolerance_text(const model::Metric& metric);

}  // namespace faultline::findings
