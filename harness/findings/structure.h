#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace faultline::findings {

/// A node as reports draw it.
struct NodeStory {
    std::string name, kind;  ///< "source", "sql", "command"
    std::string owner, description;
    bool output = false, perturbed = false;
    std::optional<double> damage;  ///< of its own trouble, as in the ranking; nullopt: not perturbed
    bool unbounded = false;
    /// Outputs that it alone can break (a dominator), and their share weighted by the damage.
    std::vector<std::string> single_point_for;
    std::uint64_t blast_nodes = 0, blast_outputs = 0;  ///< that descend from it
    std::vector<std::string> blast_owners;             ///< other teams that do
};

/// "Their trouble, our output": the worst damage that faults of one owner's nodes do to the metrics of
/// another's outputs.
struct OwnerDamage {
    std::string from, to;
    std::optional<double> damage;  ///< nullopt: no trial says
    bool unbounded = false;
    std::string worst_perturbation, worst_metric;
    std::uint64_t trials = 0, silent = 0;
};

/// 0 … 1; the definition is in docs/concepts.md. Built so that leaving faults, metrics or checks out
/// cannot raise it.
struct Resilience {
    std::optional<double> score, low, high;
    std::string text;  ///< how it came about, in a sentence
    std::vector<std::string> untested;  ///< nodes that count against it because nothing was tried
};

struct Structure {
    std::vector<NodeStory> nodes;  ///< in the document's order
    std::vector<std::pair<std::string, std::string>> edges;
    std::vector<OwnerDamage> owners;
    Resilience resilience;
};

}  // namespace faultline::findings
