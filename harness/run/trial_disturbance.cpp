#include <fmt/format.h>

#include "core/error.h"
#include "plugin/disturb.h"
#include "run/trial_execution.h"

namespace faultline::run {

void TrialExecution::disturb(NodeIndex node) {
    const std::string& name = experiment_.workflow.pipeline.nodes[node].name;
    for (const std::size_t f : plan_.disturbed_by(experiment_, node)) {
        const PlannedFault& planned = plan_.faults()[f];
        const plugin::Execution execution{connection_,
                                          base_.engine().dialect(),
                                          name,
                                          static_cast<std::int64_t>(planned.replicate) + 1,
                                          base_.site(node).rows,
                                          stop_,
                                          deadline_};
        plugin::Disturbance done;
        try {
            plugin::disturb(planned.fault, planned.severity, planned.stream, execution, done);
        } catch (const Error& error) {
            answer_keys_[planned.fault.id()] = done.key;
            if (error.kind() == ErrorKind::cancelled && !(stop_ != nullptr && stop_->requested())) {
                const auto timeout = timeout_of(node);
                throw TrialFailure{
                    {name, "step", outlived(timeout)}, journal::Outcome::timed_out, true};
            }
            if (error.kind() != ErrorKind::plugin) throw;
            throw TrialFailure{
                {name, "perturb", normalised(error.what())}, journal::Outcome::not_applied, true};
        }
        answer_keys_[planned.fault.id()] = done.key;
        if (done.failure)
            throw TrialFailure{{name, "step", *done.failure}, journal::Outcome::crashed, true};
        // A plugin that changes what comes out as well is asked about both together, afterwards.
        if (done.key.expected_any && !done.key.changed_anything() &&
            !planned.fault.plugin().about().acts_on_rows())
            throw TrialFailure{
                {name, "perturb",
                 fmt::format("\"{}\" let the node run as ever, where it should have done something",
                             planned.fault.id())},
                journal::Outcome::not_applied,
                true};
    }
}

}  // namespace faultline::run
