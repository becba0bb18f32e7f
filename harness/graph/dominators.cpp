#include <boost/graph/dominator_tree.hpp>

#include "graph/flow.h"

namespace faultline::graph {

std::vector<NodeIndex> immediate_dominators(const Edges& edges) {
    const NodeIndex root = num_vertices(edges);
    Edges rooted = edges;
    add_vertex(rooted);
    for (const auto node : boost::make_iterator_range(vertices(edges)))
        if (in_degree(node, edges) == 0) add_edge(root, node, rooted);

    std::vector<NodeIndex> above(root + 1, root);
    boost::lengauer_tarjan_dominator_tree(
        rooted, root,
        boost::make_iterator_property_map(above.begin(), get(boost::vertex_index, rooted)));
    above.pop_back();  // the root's own entry says nothing
    return above;
}

std::vector<NodeIndex> Dag::dominators(NodeIndex target) const {
    std::vector<NodeIndex> chain;
    for (NodeIndex node = above_[target]; node != size(); node = above_[node])
        chain.push_back(node);
    return chain;
}

std::vector<std::vector<std::size_t>> single_points_of_failure(const model::Pipeline& pipeline,
                                                               const Dag& dag) {
    std::vector<std::vector<std::size_t>> breaks(dag.size());
    for (std::size_t i = 0; i < pipeline.outputs.size(); ++i)
        if (const auto output = pipeline.find(pipeline.outputs[i]))
            for (const NodeIndex node : dag.dominators(*output)) breaks[node].push_back(i);
    return breaks;
}

}  // namespace faultline::graph
