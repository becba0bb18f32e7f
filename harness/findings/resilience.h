#pragma once

#include <optional>
#include <vector>

#include "findings/estimates.h"
#include "findings/structure.h"

namespace faultline::findings {

/// A node and an output that descends from it: the output's numbers rest on the node.
struct RestsOn {
    std::size_t node = 0, output = 0;
    friend bool operator==(const RestsOn&, const RestsOn&) = default;
};

/// What one fault says of one metric: how well it was borne, from 0 to 1, with its interval.
struct Borne {
    RestsOn pair;
    double credit = 0, low = 0, high = 0;
    bool silent = false;  ///< harm came through unseen in some trial
};

/// What n good answers show of one pair: n / (n + 1). Grows with every answer that is worth
/// anything, never to 1, and falls with none: so leaving answers out cannot raise it.
double shown(double answers);

/// The score of a pipeline: the mean of what was shown over all pairs, tried or not. Without text
/// and names.
Resilience resilience_of(const std::vector<RestsOn>& pairs, const std::vector<Borne>& answers);

/// All pairs of a pipeline: of its outputs, or where it names none, of what metrics look at.
std::vector<RestsOn> resting_pairs(const Evidence& evidence);
/// The answers of a run: by fault that is not benign and was tried alone, and metric that it
/// reaches.
std::vector<Borne> answers_of(const Evidence& evidence);

/// All of it, with names and text. See docs/concepts.md, "Resilience".
Resilience resilience(const Evidence& evidence);

}  // namespace faultline::findings
