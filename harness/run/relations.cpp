#include "run/relations.h"

#include <fmt/format.h>

#include "core/error.h"

namespace faultline::run {
namespace {

/// One common table expression of the binding. NOT MATERIALIZED lets the engine fuse it with the
/// step.
void bind(std::string& with, const std::string& name, const std::string& select,
          const engine::Dialect& dialect) {
    with += with.empty() ? "WITH " : ", ";
    with += dialect.quote(name) + " AS NOT MATERIALIZED (" + select + ")";
}

}  // namespace

bool Relations::has(const std::string& address) const {
    return selects_.contains(address) || (below_ != nullptr && below_->has(address));
}

const std::string& Relations::select(const std::string& address) const {
    const auto found = selects_.find(address);
    if (found != selects_.end()) return found->second;
    if (below_ == nullptr) throw Error(ErrorKind::internal, "no relation at address " + address);
    return below_->select(address);
}

std::string step_sql(const Experiment& experiment, NodeIndex node, const TrialPlan& plan,
                     const Relations& relations, const engine::Dialect& dialect) {
    const Workflow& workflow = experiment.workflow;
    std::string with;
    for (const NodeIndex input : workflow.dag.inputs(node))
        bind(with, workflow.pipeline.nodes[input].name,
             relations.select(plan.delivered(input, node).address), dialect);
    // The line break ends a comment with which the text may close.
    return fmt::format("{} SELECT * FROM ({}\n)", with, workflow.text[node]);
}

std::string question_sql(const Experiment& experiment, const std::vector<NodeIndex>& reads,
                         const std::string& body, const TrialPlan& plan, const Relations& relations,
                         const engine::Dialect& dialect) {
    std::string with;
    for (const NodeIndex node : reads)
        bind(with, experiment.workflow.pipeline.nodes[node].name,
             relations.select(plan.handed_on(node).address), dialect);
    return with + " " + body;
}

}  // namespace faultline::run
