#pragma once

#include <string>
#include <vector>

#include "findings/result.h"

namespace faultline::findings {

/// Metrics whose numbers are measured times: outside the promise that the same run gives the same
/// bytes.
std::vector<std::string> measured_metrics(const model::Scenario& scenario);

/// Adds `"measured": true` to every row, at any depth, that is about one of `metrics`, and the list
/// itself to the document; does nothing where it is empty.
void mark_measured(Json& document, const std::vector<std::string>& metrics);

}  // namespace faultline::findings
