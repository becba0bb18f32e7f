#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "design/design.h"
#include "run/experiment.h"

namespace faultline::run {

using graph::NodeIndex;

/// One fault as a trial asks for it: parameters and severity settled.
struct PlannedFault {
    std::size_t perturbation = 0;  ///< position in Scenario::perturbations
    plugin::Fault fault;
    double severity = 1;
    std::uint64_t stream = 0;
    std::uint64_t replicate = 0;
};

/// What one reader gets of a node: its result, or a perturbed form of it.
struct Delivery {
    std::string address;
    std::vector<std::size_t>
        faults;  ///< positions in TrialPlan::faults, in order; empty: the plain result
};

/// Everything about a trial that follows from documents and content alone: addresses, what is run,
/// what is reused, what is materialised. Immutable once made; nothing in it depends on timing.
class TrialPlan {
  public:
    /// `sources` are the addresses of what was read, by node (empty for steps).
    TrialPlan(const Experiment& experiment, const std::vector<std::string>& sources,
              const design::Trial& trial);

    /// Address of the node's own result.
    [[nodiscard]] const std::string& result(NodeIndex node) const { return results_[node]; }
    /// The address it would have were its execution left alone: the same rows, whoever made it
    /// wait.
    [[nodiscard]] const std::string& content(NodeIndex node) const { return contents_[node]; }
    /// Positions in faults() of those that disturb the node's execution, in order.
    [[nodiscard]] std::vector<std::size_t> disturbed_by(const Experiment& experiment,
                                                        NodeIndex node) const;
    /// Positions in faults() of those that damage the files of a source, in order.
    [[nodiscard]] std::vector<std::size_t> damaged_by(const Experiment& experiment,
                                                      NodeIndex node) const;
    /// What `consumer` gets of `node`.
    [[nodiscard]] const Delivery& delivered(NodeIndex node, NodeIndex consumer) const;
    /// What everybody else gets of it: metrics, checks, and readers with no fault of their own.
    [[nodiscard]] const Delivery& handed_on(NodeIndex node) const { return handed_on_[node]; }
    /// All perturbed deliveries of a node: the one handed on, then those of single edges.
    [[nodiscard]] std::vector<const Delivery*> perturbed(NodeIndex node) const;
    [[nodiscard]] const std::vector<PlannedFault>& faults() const { return faults_; }

  private:
    void settle(const Experiment& experiment, const design::Trial& trial);
    [[nodiscard]] std::string disturbed(const Experiment& experiment, NodeIndex node) const;
    /// The address of a source read from damaged files; `as_is` where none of them is.
    [[nodiscard]] std::string damaged(const Experiment& experiment, NodeIndex node,
                                      const std::string& as_is) const;
    Delivery deliver(const Experiment& experiment, NodeIndex node,
                     std::optional<NodeIndex> consumer) const;

    std::vector<PlannedFault> faults_;
    std::vector<std::string> results_, contents_;
    std::vector<Delivery> handed_on_;
    std::map<std::pair<NodeIndex, NodeIndex>, Delivery>
        edges_;  ///< (node, consumer) with a fault of its own
};

/// Which nodes any metric or check can see: their ancestors and themselves.
std::vector<bool> needed_nodes(const Experiment& experiment);

/// A trial held against the base: what differs has to be run.
struct Work {
    std::vector<bool> run;                   ///< steps to run: affected and needed
    std::vector<std::size_t> metric_groups;  ///< that read something that differs
    std::vector<std::size_t> checks;
    std::map<std::string, unsigned> uses;  ///< readers of each address that differs
    std::uint64_t count_run = 0, count_reused = 0, count_skipped = 0;
};
Work work_of(const Experiment& experiment, const std::vector<bool>& needed, const TrialPlan& base,
             const TrialPlan& trial);

}  // namespace faultline::run
