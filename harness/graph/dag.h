#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "model/pipeline.h"

namespace faultline::graph {

using NodeIndex = std::size_t;  ///< position in Pipeline::nodes

struct Flow;  // the Boost graph itself, kept out of this header: see flow.h

/// The pipeline's DAG on Boost.Graph. Immutable after construction, safe to share between threads.
class Dag {
  public:
    /// `inputs[i]` are the nodes that node i reads; a node named twice counts once. Throws
    /// Error(user) when there are cycles, one problem for each knot of nodes that read each other,
    /// printed as "a → b → c → a" starting from its earliest node in the document.
    Dag(const model::Pipeline& pipeline, std::vector<std::vector<NodeIndex>> inputs);

    [[nodiscard]] std::size_t size() const { return inputs_.size(); }
    [[nodiscard]] const std::vector<NodeIndex>& inputs(NodeIndex node) const {
        return inputs_[node];
    }
    [[nodiscard]] const std::vector<NodeIndex>& consumers(NodeIndex node) const {
        return consumers_[node];
    }
    /// Every node after its inputs; among the ready ones the document's order.
    [[nodiscard]] const std::vector<NodeIndex>& order() const { return order_; }
    /// Where in order() a node is.
    [[nodiscard]] std::size_t place(NodeIndex node) const { return places_[node]; }
    /// Membership by node index; both include `node` itself.
    [[nodiscard]] std::vector<bool> descendants(NodeIndex node) const;
    [[nodiscard]] std::vector<bool> ancestors(NodeIndex node) const;
    /// Single points of failure for `target`: the nodes other than it that lie on every path from a
    /// source to it, nearest first (Lengauer & Tarjan 1979, from a virtual root above the sources).
    [[nodiscard]] std::vector<NodeIndex> dominators(NodeIndex target) const;

  private:
    std::vector<std::vector<NodeIndex>> inputs_, consumers_;
    std::shared_ptr<const Flow> flow_;
    std::vector<NodeIndex> order_;
    std::vector<std::size_t> places_;
    std::vector<NodeIndex>
        above_;  ///< each node's immediate dominator; size() for the virtual root
};

/// By node: the outputs that it alone can break, as positions in Pipeline::outputs. A node is not a
/// single point of failure for itself.
std::vector<std::vector<std::size_t>> single_points_of_failure(const model::Pipeline& pipeline,
                                                               const Dag& dag);

/// How a node or edge is drawn and described; the three forms show the same graph.
std::string to_dot(const model::Pipeline& pipeline, const Dag& dag);
std::string to_json(const model::Pipeline& pipeline, const Dag& dag);
/// Rendered by Graphviz's `dot` program. Throws Error(user) when it is not installed, naming the
/// package.
std::string to_svg(const std::string& dot);

}  // namespace faultline::graph
