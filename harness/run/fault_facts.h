#pragma once

#include <vector>

#include "journal/records.h"
#include "run/experiment.h"

namespace faultline::run {

/// What the journal says of each perturbation's plugin and dose, in the scenario's order.
std::vector<journal::FaultFacts> fault_facts(const Experiment& experiment);

}  // namespace faultline::run
