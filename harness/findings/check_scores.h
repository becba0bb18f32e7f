#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace faultline::findings {

/// How the mutants of the data ended: every injected fault is one, a check that fires kills it.
/// Counted in perturbations at the largest dose at which each was tried alone, weighted to 1 each
/// (a perturbation with 16 trials counts once, by the shares of its trials), benign twins apart.
/// `score` = killed / (killed + silent), among mutants that left a tolerance; its interval is as if
/// the faults had been drawn from all that can happen. nullopt: nothing harmful was left to kill.
struct MutationScore {
    double mutants = 0;
    double killed_at_source = 0;  ///< first fired on the perturbed node itself
    double killed_later = 0;
    double crashed = 0, silent = 0, absorbed = 0, not_applied = 0;
    double warned = 0;  ///< a check fired although all stayed within tolerance: an early warning
    std::optional<double> score, low, high;
    double benign = 0,
           false_alarms = 0;  ///< benign twins, and those of them at which a check fired
};

struct CheckScore {
    std::string id, node, owner;
    /// Of the harmful mutants it can see (a path leads to what it reads): those it fires on.
    std::optional<double> recall, recall_low, recall_high;
    /// Of its firings, those on harmful mutants.
    std::optional<double> precision, precision_low, precision_high;
    double kills = 0, false_alarms = 0, harmful_seen = 0, sole_kills = 0;
    double benign_seen = 0;  ///< benign twins that it can see
    double warned = 0;       ///< faults within tolerance at which it fired
    /// Mean number of nodes, and of rows that had been handed on wrong, between fault and check.
    std::optional<double> distance_nodes, distance_rows;
    bool never_killed = false;     ///< could have, and never did
    bool only_downstream = false;  ///< fires only on or after the output whose number was wrong
    bool fired_in_base = false;
    std::string remark;  ///< one sentence for a person; empty: nothing to say
};

struct CheckScores {
    MutationScore pipeline;
    std::vector<std::pair<std::string, MutationScore>> by_node, by_owner, by_plugin;
    std::vector<CheckScore> checks;
};

}  // namespace faultline::findings
