#include "graph/dag.h"
#include "graph/kind_name.h"

namespace faultline::graph {
namespace {

model::Json names_of(const model::Pipeline& pipeline, const std::vector<NodeIndex>& nodes) {
    model::Json names = model::Json::array();
    for (const NodeIndex node : nodes) names.push_back(pipeline.nodes[node].name);
    return names;
}

}  // namespace

std::string to_json(const model::Pipeline& pipeline, const Dag& dag) {
    const auto breaks = single_points_of_failure(pipeline, dag);
    const std::vector<bool> output = outputs_of(pipeline);
    model::Json document = {{"pipeline", pipeline.name},
                            {"nodes", model::Json::array()},
                            {"edges", model::Json::array()},
                            {"order", names_of(pipeline, dag.order())}};
    for (NodeIndex i = 0; i < dag.size(); ++i) {
        const model::Node& node = pipeline.nodes[i];
        model::Json alone = model::Json::array();
        for (const std::size_t o : breaks[i]) alone.push_back(pipeline.outputs[o]);
        document["nodes"].push_back(
            {{"name", node.name},
             {"kind", name_of(node.kind)},
             {"owner", node.owner.empty() ? model::Json() : model::Json(node.owner)},
             {"output", static_cast<bool>(output[i])},
             {"inputs", names_of(pipeline, dag.inputs(i))},
             {"consumers", names_of(pipeline, dag.consumers(i))},
             {"single_point_of_failure_for", std::move(alone)}});
        for (const NodeIndex input : dag.inputs(i))
            document["edges"].push_back({{"from", pipeline.nodes[input].name}, {"to", node.name}});
    }
    return document.dump(2, ' ', false, model::Json::error_handler_t::replace) + "\n";
}

}  // namespace faultline::graph
