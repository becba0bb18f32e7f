#include "core/error.h"
#include "run/flat_sql.h"
#include "run/trial_execution.h"

namespace faultline::run {

namespace {

/// Writes what is the base's once for all trials.
void take_from_base(const BaseRun& base, NodeIndex node, const TrialPlan& plan,
                    const std::vector<NodeIndex>& inputs, CommandStep& step) {
    const auto exchange = step.node.command.exchange;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const std::string& address = plan.delivered(inputs[i], node).address;
        if (address != base.plan().delivered(inputs[i], node).address) continue;
        step.inputs[i].file = base.program_inputs().file(
            base.scratch() / "program_inputs",
            address + "/" + std::to_string(static_cast<int>(exchange)),
            [&](const std::filesystem::path& file) {
                step.connection.execute(
                    step.dialect.copy_to_file(step.inputs[i].select, file.string(), exchange));
            },
            [&] { step.connection.check_stop(); });
    }
}

}  // namespace

void TrialExecution::program(NodeIndex node) {
    const model::Node& about = experiment_.workflow.pipeline.nodes[node];
    const auto folder = base_.scratch() / "commands" / (owner_ + "-" + std::to_string(node));
    folders_.push_back(folder);
    CommandStep step = command_step(experiment_, base_, node, connection_, folder);
    for (const NodeIndex input : experiment_.workflow.dag.inputs(node)) {
        FlatSql flat(experiment_, plan_, relations_, base_.engine().dialect());
        const std::string part = flat.relation(input, plan_.delivered(input, node).address);
        step.inputs.push_back(
            {experiment_.workflow.pipeline.nodes[input].name, flat.statement(part)});
    }
    step.stop = stop_;
    step.deadline = deadline_;
    Program& ran = programs_[node];
    ran.folder = folder;
    ran.arguments = arguments_of(step);
    try {
        take_from_base(base_, node, plan_, experiment_.workflow.dag.inputs(node), step);
        run_command(step, ran.ended,
                    [&](const std::string& select) { materialise(plan_.result(node), select); });
    } catch (const CommandFailure& failure) {
        // Its inputs were there before it began, so that nobody else is to blame.
        throw TrialFailure{
            {about.name, failure.stage,
             failure.timed_out ? outlived(timeout_of(node)) : normalised(failure.message)},
            failure.timed_out ? journal::Outcome::timed_out : journal::Outcome::crashed,
            true};
    }
    if (keep_programs_) return;
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    folders_.pop_back();
}

}  // namespace faultline::run
