#pragma once

#include <boost/graph/adjacency_list.hpp>
#include <vector>

#include "graph/dag.h"

namespace faultline::graph {

/// The Boost graph: vertex i is node i, an edge goes the way the data goes, from input to reader.
/// Bidirectional, so that the way up costs what the way down costs.
using Edges = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;

struct Flow {
    Edges edges;
};

Edges edges_of(const std::vector<std::vector<NodeIndex>>& inputs);

/// Throws Error(user) with one problem a cycle; returns when there is none.
void refuse_cycles(const model::Pipeline& pipeline, const Edges& edges);

/// Immediate dominator of every vertex, seen from a virtual root above all vertices without inputs.
/// The root is the number of vertices. The graph must be acyclic, so that all are reachable.
std::vector<NodeIndex> immediate_dominators(const Edges& edges);

}  // namespace faultline::graph
