#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/strong_components.hpp>

#include "core/error.h"
#include "graph/flow.h"

namespace faultline::graph {
namespace {

/// Beyond this a printed cycle loses its middle: a line of a thousand names helps nobody.
constexpr std::size_t longest_printed = 24;

/// A shortest cycle through `start`, without its repetition at the end; empty when there is none.
/// It stays among the nodes of the same component by itself: what leaves one never comes back.
std::vector<NodeIndex> cycle_through(NodeIndex start, const Edges& edges) {
    const NodeIndex none = num_vertices(edges);
    std::vector<NodeIndex> before(num_vertices(edges), none);
    boost::breadth_first_search(edges, start,
                                boost::visitor(boost::make_bfs_visitor(boost::record_predecessors(
                                    before.data(), boost::on_tree_edge()))));
    // Breadth first reaches nearer nodes first, but the edges back to `start` come in index order.
    std::vector<NodeIndex> best;
    for (const auto edge : boost::make_iterator_range(in_edges(start, edges))) {
        NodeIndex node = source(edge, edges);
        if (node != start && before[node] == none) continue;
        std::vector<NodeIndex> cycle;
        for (; node != start; node = before[node]) cycle.push_back(node);
        cycle.push_back(start);
        if (best.empty() || cycle.size() < best.size()) best.assign(cycle.rbegin(), cycle.rend());
    }
    return best;
}

std::string printed(const std::vector<NodeIndex>& cycle, const model::Pipeline& pipeline) {
    const std::size_t shown = cycle.size() > longest_printed ? longest_printed / 2 : cycle.size();
    std::string text;
    for (std::size_t i = 0; i < shown; ++i) text += pipeline.nodes[cycle[i]].name + " → ";
    if (shown < cycle.size()) {
        const std::size_t tail = cycle.size() - shown;
        text += "… (" + std::to_string(cycle.size() - 2 * shown) + " more) → ";
        for (std::size_t i = tail; i < cycle.size(); ++i)
            text += pipeline.nodes[cycle[i]].name + " → ";
    }
    return text + pipeline.nodes[cycle.front()].name;
}

}  // namespace

void refuse_cycles(const model::Pipeline& pipeline, const Edges& edges) {
    std::vector<std::size_t> component(num_vertices(edges));
    const std::size_t components = boost::strong_components(
        edges,
        boost::make_iterator_property_map(component.begin(), get(boost::vertex_index, edges)));

    std::vector<std::size_t> members(components, 0);
    for (const std::size_t c : component) ++members[c];

    std::vector<Problem> problems;
    std::vector<bool> reported(components, false);
    for (NodeIndex node = 0; node < component.size(); ++node) {
        const bool reads_itself = edge(node, node, edges).second;
        if (reported[component[node]] || (members[component[node]] == 1 && !reads_itself)) continue;
        reported[component[node]] = true;
        problems.push_back({pipeline.file.string(), pipeline.nodes[node].pointer,
                            "the cycle " + printed(cycle_through(node, edges), pipeline),
                            "an acyclic graph", ""});
    }
    if (!problems.empty()) throw Error(std::move(problems));
}

}  // namespace faultline::graph
