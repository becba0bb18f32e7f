#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "design/design.h"
#include "run/column_lineage.h"
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
    /// The unperturbed pipeline. `origins` are, by node, the addresses of what was read and of
    /// commands' programs (empty for SQL steps).
    TrialPlan(const Experiment& experiment, const std::vector<std::string>& origins);
    /// `base` is borrowed and outlives the plan, which holds only what its faults can change: the
    /// nodes they act on and what descends from those. `lineage`, borrowed as well, makes what
    /// reads no changed column the base's; null: what descends from a fault is changed.
    TrialPlan(const Experiment& experiment, const TrialPlan& base, const design::Trial& trial,
              const ColumnLineage* lineage = nullptr);

    /// Address of the node's own result.
    [[nodiscard]] const std::string& result(NodeIndex node) const { return at(node).result; }
    /// The address it would have were its execution left alone: the same rows, whoever made it
    /// wait.
    [[nodiscard]] const std::string& content(NodeIndex node) const { return at(node).content; }
    /// Positions in faults() of those that disturb the node's execution, in order.
    [[nodiscard]] std::vector<std::size_t> disturbed_by(const Experiment& experiment,
                                                        NodeIndex node) const;
    /// Positions in faults() of those that damage the files of a source, in order.
    [[nodiscard]] std::vector<std::size_t> damaged_by(const Experiment& experiment,
                                                      NodeIndex node) const;
    /// What `consumer` gets of `node`: what it hands on, a form for this consumer alone, or the
    /// base's where it reads nothing of what is changed.
    [[nodiscard]] const Delivery& delivered(NodeIndex node, NodeIndex consumer) const;
    /// The same whatever it reads: what faults do counts, whether or not anybody looks.
    [[nodiscard]] const Delivery& bound_for(NodeIndex node, NodeIndex consumer) const;
    /// In what a node's handed_on() may differ from the base's.
    [[nodiscard]] ChangedColumns changed(NodeIndex node) const;
    [[nodiscard]] const ColumnLineage* lineage() const { return lineage_; }
    /// What everybody else gets of it: metrics, checks, and readers with no fault of their own.
    [[nodiscard]] const Delivery& handed_on(NodeIndex node) const { return at(node).handed_on; }
    /// All perturbed deliveries of a node: the one handed on, then those of single edges.
    [[nodiscard]] std::vector<const Delivery*> perturbed(NodeIndex node) const;
    [[nodiscard]] const std::vector<PlannedFault>& faults() const { return faults_; }

    /// In the DAG's order: the nodes whose addresses may differ from the base's. None of the base.
    [[nodiscard]] const std::vector<NodeIndex>& reached() const { return reached_; }

  private:
    struct Addresses {
        std::string result, content;
        Delivery handed_on;
    };

    void settle(const Experiment& experiment, const design::Trial& trial);
    void address(const Experiment& experiment, NodeIndex node);
    [[nodiscard]] const std::string& origin(NodeIndex node) const {
        return base_ != nullptr ? base_->origin(node) : origins_[node];
    }
    [[nodiscard]] const Addresses& at(NodeIndex node) const;
    [[nodiscard]] std::string disturbed(const Experiment& experiment, NodeIndex node,
                                        const std::string& content) const;
    /// The address of a source read from damaged files; `as_is` where none of them is.
    [[nodiscard]] std::string damaged(const Experiment& experiment, NodeIndex node,
                                      const std::string& as_is) const;
    Delivery deliver(const Experiment& experiment, NodeIndex node, const std::string& result,
                     std::optional<NodeIndex> consumer) const;
    /// Finds inputs that come to the same as the base's for the node, and what it changes then.
    void narrow(const Experiment& experiment, NodeIndex node);
    [[nodiscard]] ChangedColumns changed_by(NodeIndex node, const Delivery& delivery) const;

    const TrialPlan* base_ = nullptr;
    const ColumnLineage* lineage_ = nullptr;
    std::vector<std::string> origins_;  ///< of the base alone
    std::vector<PlannedFault> faults_;
    std::vector<NodeIndex> reached_;
    std::unordered_map<NodeIndex, Addresses>
        own_;  ///< every node of the base; of a trial what it reaches
    std::map<std::pair<NodeIndex, NodeIndex>, Delivery>
        edges_;  ///< (node, consumer) with a fault of its own
    std::set<std::pair<NodeIndex, NodeIndex>> as_base_;  ///< (node, consumer)
    std::map<NodeIndex, ChangedColumns> partly_;  ///< results that are not changed in everything
};

/// Which nodes any metric or check can see: their ancestors and themselves.
std::vector<bool> needed_nodes(const Experiment& experiment);

/// A trial held against the base: what differs has to be run.
struct Work {
    std::vector<bool> run;                   ///< nodes to run: affected and needed
    std::vector<bool> executed;              ///< of those, what no earlier trial left behind
    std::vector<std::size_t> metric_groups;  ///< that read something that differs
    std::vector<std::size_t> checks;
    /// Who reads each address that differs: the addresses of results made from it, and names of
    /// questions asked of it. A table serves several, one it may as well be made part of.
    std::map<std::string, std::set<std::string>> readers;
    /// Perturbed forms that are made to count what their faults did and for nothing else, since
    /// nobody reads what is changed: (node, address).
    std::vector<std::pair<NodeIndex, std::string>> counted;
    std::uint64_t count_run = 0, count_reused = 0, count_skipped = 0;
};
/// What a question asks of, as a reader's name and as the address of its answer.
std::string metric_question(std::size_t group, const std::string& address);
std::string check_question(const Experiment& experiment, std::size_t check, const TrialPlan& plan);
Work work_of(const Experiment& experiment, const std::vector<bool>& needed, const TrialPlan& base,
             const TrialPlan& trial);
/// All that differs and is needed in some trial, whether or not this one's questions come to see
/// it; nothing is asked and nothing counted.
Work work_to_look_at(const Experiment& experiment, const std::vector<bool>& needed,
                     const TrialPlan& base, const TrialPlan& trial);

}  // namespace faultline::run
