#include "run/latency.h"

#include <algorithm>
#include <thread>

namespace faultline::run {

bool measures_time(const Experiment& experiment) {
    return std::any_of(experiment.metric_groups.begin(), experiment.metric_groups.end(),
                       [](const MetricGroup& group) { return group.measured; });
}

std::vector<bool> timed_nodes(const Experiment& experiment) {
    const graph::Dag& dag = experiment.workflow.dag;
    std::vector<bool> timed(dag.size(), false);
    for (const auto& group : experiment.metric_groups) {
        if (!group.measured) continue;
        const std::vector<bool> above = dag.ancestors(group.output);
        for (graph::NodeIndex node = 0; node < dag.size(); ++node)
            timed[node] = timed[node] || above[node] || node == group.output;
    }
    return timed;
}

double milliseconds_until(const Experiment& experiment, graph::NodeIndex output,
                          const std::function<double(graph::NodeIndex)>& alone) {
    const graph::Dag& dag = experiment.workflow.dag;
    std::vector<double> there(dag.size(), 0);
    for (const graph::NodeIndex node : dag.order()) {
        double begins = 0;
        for (const graph::NodeIndex input : dag.inputs(node))
            begins = std::max(begins, there[input]);
        there[node] = begins + alone(node);
        if (node == output) break;
    }
    return there[output];
}

unsigned jobs_for(const Experiment& experiment, unsigned stated) {
    if (stated > 0) return stated;
    if (measures_time(experiment)) return 1;
    return std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace faultline::run
