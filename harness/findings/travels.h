#pragma once

#include <vector>

#include "findings/profiles.h"
#include "findings/travel.h"

namespace faultline::findings {

/// The way of each perturbation through the pipeline, from the profiled trials in which it acts
/// alone at the highest of its profiled severities; in the scenario's order.
std::vector<Travel> travels(const Evidence& evidence, const Profiles& profiles);
/// Every edge of the pipeline, with the worst change that any of those handed over it.
std::vector<EdgeDamage> edge_damages(const Evidence& evidence, const Profiles& profiles,
                                     const std::vector<Travel>& travel);

}  // namespace faultline::findings
