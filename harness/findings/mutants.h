#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "findings/breaches.h"
#include "findings/evidence.h"

namespace faultline::findings {

/// One trial of a mutant.
struct MutantTrial {
    const journal::TrialRecord* trial = nullptr;  ///< borrowed
    std::uint32_t first = 0, fired = 0;           ///< of Mutant::firings: where, and how many
};

/// A fault alone, at the largest dose at which it was tried: a mutant of the data. (Several faults
/// at once are mutants of higher order, and are not scored.)
struct Mutant {
    std::size_t perturbation = 0;
    bool benign = false;  ///< of a benign plugin, and no trial of it did any harm
    std::vector<MutantTrial> trials;
    std::vector<std::uint32_t> firings;  ///< of all trials; positions in Guardrails::checks
    /// The checks that fired in one of its trials.
    [[nodiscard]] std::span<const std::uint32_t> fired_in(const MutantTrial& one) const {
        return {firings.data() + one.first, one.fired};
    }
    /// By check: edges on the shortest way from where the fault first shows to what the check
    /// reads; nullopt: no path leads there, or all of them come from elsewhere.
    std::vector<std::optional<std::size_t>> distance;
    /// Rows that the fault added, removed or changed, on average: what was handed on wrong.
    double rows = 0;
};

/// The pipeline's checks, in the order of Result::checks.
struct Guardrails {
    struct Check {
        std::string id, node, owner;
        std::vector<std::size_t> reads;  ///< positions in Pipeline::nodes
        bool fired_in_base = false;
        /// By node: may this check only run once that node is there? (It is, or leads to, what is
        /// read.)
        std::vector<bool> after;
    };
    std::vector<Check> checks;
};

Guardrails guardrails_of(const Evidence& evidence);
std::vector<Mutant> mutants_of(const Evidence& evidence, const Guardrails& guardrails);

/// Edges on the shortest way from one node to each other; nullopt: no way.
std::vector<std::optional<std::size_t>> distances_from(const graph::Dag& dag, std::size_t node);

}  // namespace faultline::findings
