#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "journal/records.h"

namespace faultline::findings {

/// A simple check that does not exist yet, at one node between a fault and an output.
struct Guard {
    std::string id, node, owner;
    std::string kind;    ///< "row_count", "null_rate", "distinct", "mean", "quantile", "range", …
    std::string column;  ///< empty: of the whole relation
    std::string text;    ///< "mean of price in fct_sales between 10.2 and 13.9"
    model::Json check;   ///< to be pasted into a scenario's "checks"
    /// Over the silent trials it can see, and over benign and unperturbed ones; exact intervals.
    double power = 0, power_low = 0, power_high = 0;
    double false_alarms = 0, false_alarms_low = 0, false_alarms_high = 0;
    std::vector<std::string>
        covers;                  ///< perturbations whose silent trials it catches (most of them)
    std::uint64_t adds = 0;      ///< silent trials that no guard above it in the list catches
    std::uint64_t distance = 0;  ///< nodes between the fault and it, at the most
    double cost = 1;             ///< relative: a count is cheap, distinct and quantiles are not
    std::uint64_t caught = 0, seen = 0;       ///< trials behind `power`: hits, and of how many
    std::uint64_t tripped = 0, harmless = 0;  ///< the same behind `false_alarms`
    /// Of `seen`, those that had no part in setting the limits they were held against. 0: every
    /// fault it was seen on gives one result only, so nothing says how it does on another.
    std::uint64_t held_out = 0;
    std::string caution;  ///< what to doubt about it, in a sentence; empty: nothing
};

struct Guards {
    std::vector<Guard> proposed;  ///< greedy set cover: the one that adds most for its cost first
    std::uint64_t silent_trials = 0, covered_trials = 0;  ///< of those that were profiled
    std::uint64_t unperturbed = 0;   ///< parts left out, for how much the data move by themselves
    std::optional<Guard> at_output;  ///< the best of those on an output: "had we only looked there"
    std::optional<double> score_before, score_after;  ///< mutation score, the latter as predicted
    std::vector<std::string> out_of_reach;  ///< perturbations that no simple guard told apart
    std::string note;                       ///< why there is nothing, where there is nothing
};

/// What is written to DIR/guards.json: {"faultline": "guards/1", "checks": [...], "about": [...]},
/// the first of which `faultline run --with-checks` adds to a scenario's.
model::Json guards_document(const Guards& guards);

}  // namespace faultline::findings
