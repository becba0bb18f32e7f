#include "graph/dag.h"

#include <fmt/format.h>

#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/reverse_graph.hpp>
#include <functional>
#include <queue>

#include "core/error.h"
#include "graph/flow.h"

namespace faultline::graph {
namespace {

void check_inputs(std::size_t nodes, const std::vector<std::vector<NodeIndex>>& inputs) {
    if (inputs.size() != nodes)
        throw Error(
            ErrorKind::internal,
            fmt::format("a graph of {} nodes was given the inputs of {}", nodes, inputs.size()));
    for (const auto& of_node : inputs)
        for (const NodeIndex input : of_node)
            if (input >= nodes)
                throw Error(ErrorKind::internal, fmt::format("no node has the index {}", input));
}

/// Keeps the first mention of each, so that the order in which a step names its inputs survives.
void drop_repeats(std::vector<std::vector<NodeIndex>>& inputs) {
    std::vector<std::size_t> seen_by(inputs.size(), inputs.size());
    for (std::size_t node = 0; node < inputs.size(); ++node)
        std::erase_if(inputs[node],
                      [&](NodeIndex input) { return std::exchange(seen_by[input], node) == node; });
}

/// Kahn's order with a heap of the ready nodes: boost::topological_sort is depth first, and its
/// order among independent nodes is not the document's.
std::vector<NodeIndex> order_of(const Edges& edges) {
    std::priority_queue<NodeIndex, std::vector<NodeIndex>, std::greater<>> ready;
    std::vector<std::size_t> waiting(num_vertices(edges));
    for (const auto node : boost::make_iterator_range(vertices(edges))) {
        waiting[node] = in_degree(node, edges);
        if (waiting[node] == 0) ready.push(node);
    }
    std::vector<NodeIndex> order;
    order.reserve(waiting.size());
    while (!ready.empty()) {
        const NodeIndex node = ready.top();
        ready.pop();
        order.push_back(node);
        for (const auto reader : boost::make_iterator_range(adjacent_vertices(node, edges)))
            if (--waiting[reader] == 0) ready.push(reader);
    }
    return order;
}

template <class Graph>
std::vector<bool> reached_from(NodeIndex start, const Graph& graph) {
    std::vector<boost::default_color_type> colours(num_vertices(graph));
    const auto colour_of =
        boost::make_iterator_property_map(colours.begin(), get(boost::vertex_index, graph));
    boost::breadth_first_search(graph, start, boost::color_map(colour_of));
    std::vector<bool> reached(colours.size());
    for (std::size_t i = 0; i < colours.size(); ++i) reached[i] = colours[i] == boost::black_color;
    return reached;
}

}  // namespace

Edges edges_of(const std::vector<std::vector<NodeIndex>>& inputs) {
    Edges edges(inputs.size());
    for (std::size_t node = 0; node < inputs.size(); ++node)
        for (const NodeIndex input : inputs[node]) add_edge(input, node, edges);
    return edges;
}

Dag::Dag(const model::Pipeline& pipeline, std::vector<std::vector<NodeIndex>> inputs)
    : inputs_(std::move(inputs)), consumers_(inputs_.size()) {
    check_inputs(pipeline.nodes.size(), inputs_);
    drop_repeats(inputs_);
    auto flow = std::make_shared<Flow>(Flow{edges_of(inputs_)});
    refuse_cycles(pipeline, flow->edges);
    for (std::size_t node = 0; node < inputs_.size(); ++node)
        for (const NodeIndex input : inputs_[node]) consumers_[input].push_back(node);
    order_ = order_of(flow->edges);
    places_.resize(order_.size());
    for (std::size_t i = 0; i < order_.size(); ++i) places_[order_[i]] = i;
    above_ = immediate_dominators(flow->edges);
    flow_ = std::move(flow);
}

std::vector<bool> Dag::descendants(NodeIndex node) const {
    return reached_from(node, flow_->edges);
}

std::vector<bool> Dag::ancestors(NodeIndex node) const {
    return reached_from(node, boost::make_reverse_graph(flow_->edges));
}

}  // namespace faultline::graph
