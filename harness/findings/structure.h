#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace faultline::findings {

/// A node as reports draw it.
struct NodeStory {
    std::string name, kind;  ///< "source", "sql", "command"
    std::string owner, description;
    bool output = false, perturbed = false;
    std::optional<double>
        damage;  ///< of its own trouble, as in the ranking; nullopt: not perturbed
    bool unbounded = false;
    /// Outputs that it alone can break (a dominator), and how many of them times the damage of its
    /// trouble: the weight by which single points of failure are sorted. nullopt: not perturbed.
    std::vector<std::string> single_point_for;
    std::optional<double> single_point_weight;
    std::vector<std::string> depends_on_owners;        ///< other teams that it descends from
    std::uint64_t blast_nodes = 0, blast_outputs = 0;  ///< that descend from it
    std::vector<std::string> blast_owners;             ///< other teams that do
};

/// "Their trouble, our output": the worst damage that faults of one owner's nodes do to the metrics
/// of another's outputs.
struct OwnerDamage {
    std::string from, to;
    std::optional<double> damage;  ///< nullopt: no trial says
    bool unbounded = false;
    bool breaks = false;  ///< some trial crashed, timed out, or lost or gained a segment there
    std::string worst_perturbation, worst_metric;
    std::uint64_t trials = 0, silent = 0;  ///< of single faults; silent in that team's outputs
};

/// How far one owner's trouble can go.
struct OwnerBlast {
    std::string owner;
    std::uint64_t nodes = 0;                           ///< of its own
    std::uint64_t blast_nodes = 0, blast_outputs = 0;  ///< that descend from them, its own left out
    std::vector<std::string> blast_owners;             ///< other teams that do
};

/// 0 … 1; the definition is in docs/concepts.md. Built so that leaving faults, metrics or checks
/// out cannot raise it.
struct Resilience {
    std::optional<double> score, low, high;
    /// A node and an output that descends from it; those with an answer; those in which harm came
    /// through unseen.
    std::uint64_t pairs = 0, tested_pairs = 0, silent_pairs = 0;
    std::string text;                     ///< how it came about, in a sentence
    std::vector<std::string> untested;    ///< nodes that count against it because nothing was tried
    std::vector<std::string> unmeasured;  ///< outputs that no metric looks at
};

struct Structure {
    std::vector<NodeStory> nodes;  ///< in the document's order
    std::vector<std::pair<std::string, std::string>> edges;
    std::vector<OwnerDamage> owners;
    std::vector<OwnerBlast> owner_blast;
    /// Nodes that some output cannot do without, the weightiest first; those not perturbed last.
    std::vector<std::string> single_points;
    Resilience resilience;
};

}  // namespace faultline::findings
