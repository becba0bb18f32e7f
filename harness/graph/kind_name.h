#pragma once

#include <vector>

#include "model/pipeline.h"

namespace faultline::graph {

/// The word of the document for a kind of node.
inline const char* name_of(model::NodeKind kind) {
    switch (kind) {
        case model::NodeKind::source:
            return "source";
        case model::NodeKind::sql:
            return "sql";
        case model::NodeKind::command:
            return "command";
    }
    return "";
}

/// By node: is it one of the pipeline's outputs?
inline std::vector<bool> outputs_of(const model::Pipeline& pipeline) {
    std::vector<bool> output(pipeline.nodes.size(), false);
    for (const auto& name : pipeline.outputs)
        if (const auto node = pipeline.find(name)) output[*node] = true;
    return output;
}

}  // namespace faultline::graph
