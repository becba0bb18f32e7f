#pragma once

#include <set>
#include <vector>

#include "findings/evidence.h"

namespace faultline::findings {

/// What left its tolerance, vanished or appeared in one trial that survived.
struct Breaches {
    std::vector<std::size_t> series;            ///< positions in Evidence::series
    std::vector<const journal::Series*> fresh;  ///< segments that the base does not list; borrowed
    std::set<std::size_t> metrics;              ///< of both, positions in Scenario::metrics
    std::set<std::size_t> outputs;              ///< of those metrics, positions in Pipeline::nodes
};

/// By the rule that decided the trial's outcome. Empty for one that gave no values.
Breaches breaches_of(const Evidence& evidence, const journal::TrialRecord& trial);

/// Somebody hears of it whatever checks there are.
bool broke_down(const journal::TrialRecord& trial);
/// Some number left its tolerance, or the pipeline broke down.
bool did_harm(const journal::TrialRecord& trial);
/// A check fired, or the pipeline broke down.
bool was_noticed(const journal::TrialRecord& trial);

}  // namespace faultline::findings
