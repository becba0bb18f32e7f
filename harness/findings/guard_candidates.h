#pragma once

#include <string>
#include <vector>

#include "findings/profiles.h"

namespace faultline::findings {

/// How far a guard's number lies below and above the base's in one run; never negative. Infinite:
/// there is no such number any more, which the check notices in any case.
struct Excess {
    double below = 0, above = 0;
};

/// How far it may lie before the guard fires.
struct Margins {
    double below = 0, above = 0;
};

/// A guard without its limits: what it looks at, and what that was in every run.
struct Candidate {
    std::string kind;  ///< "row_count", "null_rate", … as in Guard
    Statistic statistic;
    std::string to, field;         ///< "relationships": what it refers to
    std::vector<std::string> key;  ///< "unique"
    double cost = 1;
    double base = 0, base_low = 0, base_high = 0;  ///< of "range" both ends; else all the same
    /// It demands that nothing be there at all (no NULL, no orphan): nothing has to be learnt.
    bool strict = false;
    bool open_above = false;     ///< "freshness": later is no trouble
    double floor = 0;            ///< the least margin, for numbers that happen not to move
    std::vector<Excess> trials;  ///< by profiled trial
    std::vector<Excess> parts;   ///< pseudo-values of the unperturbed data; empty where strict
};

/// Every simple guard that some profiled trial would have been told apart by, in the order of nodes
/// and columns.
///
/// The unperturbed data's own movement: with θ(g) the statistic without part g of G and θ̄ their
/// mean, √2·√(G−1)·(θ(g) − θ̄) are deviations as large as those between two runs on data of this
/// size (the delete-a-group jackknife's variance is (G−1)/G·Σ(θ(g) − θ̄)², Kott 2001; two runs have
/// twice one's). Of a minimum or maximum, which has no such variance, it is θ(g) itself.
std::vector<Candidate> guard_candidates(const Evidence& evidence, const Profiles& profiles);

/// The check as a scenario has it, without an id, and in words. `margins` are those of check and
/// text alike; of the base's row count in whole rows.
model::Json check_of(const Profiles& profiles, const Candidate& candidate, const Margins& margins);
std::string text_of(const Profiles& profiles, const Candidate& candidate, const Margins& margins);

}  // namespace faultline::findings
