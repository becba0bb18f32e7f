#pragma once

#include <string>
#include <utility>
#include <vector>

#include "graph/dag.h"

namespace faultline::graph::test {

using Inputs = std::vector<std::vector<NodeIndex>>;

/// A pipeline of SQL steps, sources where a node reads nothing; only the names matter.
inline model::Pipeline pipeline_of(const std::vector<std::string>& names, const Inputs& inputs,
                                   std::vector<std::string> outputs = {}) {
    model::Pipeline pipeline;
    pipeline.name = "example";
    pipeline.file = "pipeline.json";
    for (std::size_t i = 0; i < names.size(); ++i) {
        model::Node node;
        node.name = names[i];
        node.kind = inputs[i].empty() ? model::NodeKind::source : model::NodeKind::sql;
        node.pointer = "/nodes/" + names[i];
        pipeline.nodes.push_back(std::move(node));
    }
    pipeline.outputs = std::move(outputs);
    return pipeline;
}

inline std::vector<std::string> numbered(std::size_t count) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count; ++i) names.push_back("n" + std::to_string(i));
    return names;
}

}  // namespace faultline::graph::test
