#include "run/trial_run.h"

#include <cmath>

#include "core/error.h"
#include "journal/tolerance.h"
#include "run/out_of_memory.h"
#include "run/trial_execution.h"

namespace faultline::run {
namespace {

/// The trial's answers beside the base's: values by series, and series that are new. Metrics that
/// nothing could have moved keep the base's values.
void arrange(const Experiment& experiment, const Baseline& baseline, const Work& work,
             const std::vector<Answer>& answers, journal::TrialRecord& record) {
    std::vector<bool> asked(experiment.scenario.metrics.size(), false);
    for (const std::size_t g : work.metric_groups)
        for (const std::size_t metric : experiment.metric_groups[g].metrics) asked[metric] = true;
    std::vector<std::optional<double>> values = baseline.record.values;
    for (std::size_t s = 0; s < values.size(); ++s)
        if (asked[baseline.metric_of[s]]) values[s] = std::nullopt;
    for (const auto& answer : answers) {
        const auto at = baseline.series_at.find(series_key(answer.metric, answer.segment));
        if (at != baseline.series_at.end()) {
            values[at->second] = answer.value;
        } else {
            record.extra.push_back(
                {{experiment.scenario.metrics[answer.metric].id, answer.segment}, answer.value});
        }
    }
    record.values = values;
}

/// Checks that fire here and did not in the base.
void keep_fired(const BaseRun& base, const std::map<std::string, journal::CheckState>& checks,
                journal::TrialRecord& record) {
    for (const auto& [id, state] : checks)
        if (state.fired && !base.checks().at(id).fired) record.fired[id] = state;
}

double milliseconds_from(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
        .count();
}

}  // namespace

TrialRunner::TrialRunner(const Experiment& experiment, const BaseRun& base,
                         const Baseline& baseline, plugin::Measures& measures, const StopFlag* stop)
    : experiment_(experiment),
      base_(base),
      baseline_(baseline),
      measures_(measures),
      stop_(stop),
      connection_(base.engine().connect()) {}

journal::TrialRecord TrialRunner::begun(const Window::Planned& planned) const {
    journal::TrialRecord record;
    record.number = planned.trial.number;
    record.block = planned.trial.block;
    record.replicate = planned.trial.replicate;
    record.severities = planned.trial.severities;
    // No pipeline has 2^32 nodes.
    record.run = static_cast<std::uint32_t>(planned.work.count_run);
    record.reused = static_cast<std::uint32_t>(planned.work.count_reused);
    record.skipped = static_cast<std::uint32_t>(planned.work.count_skipped);
    return record;
}

bool TrialRunner::attempt(const Window& window, const Window::Planned& planned, bool stepwise,
                          journal::TrialRecord& record) {
    const TrialPlan& plan = planned.plan;
    TrialExecution execution(experiment_, base_, *connection_, measures_, stop_, plan, planned.work,
                             stepwise, stepwise ? nullptr : &window.results());
    std::optional<TrialFailure> failed;
    try {
        execution.run();
    } catch (const TrialFailure& failure) {
        // A fused statement cannot say which node failed; only running node by node can. A fault
        // that was not applied is known without.
        if (!stepwise && !failure.located && failure.outcome != journal::Outcome::not_applied)
            return false;
        failed = failure;
    }
    keep_fired(base_, execution.checks(), record);
    for (const auto& [node, milliseconds] : execution.milliseconds())
        record.node_milliseconds[experiment_.workflow.pipeline.nodes[node].name] = milliseconds;
    for (const auto& [id, key] : execution.answer_keys()) record.answer_keys.set(id, key.to_json());
    if (failed) {
        record.failure = failed->failure;
        record.outcome = failed->outcome;
        starved_ = is_out_of_memory(failed->failure.message);
    } else {
        arrange(experiment_, baseline_, planned.work, execution.answers(), record);
        for (const NodeIndex node : plan.reached())
            if (planned.work.executed[node] && execution.spared().contains(plan.result(node))) {
                --record.run;
                ++record.reused;
            }
        record.outcome = outcome_of(baseline_, record);
    }
    return true;
}

journal::TrialRecord TrialRunner::run(const Window& window, std::size_t number) {
    const auto start = std::chrono::steady_clock::now();
    const Window::Planned& planned = window.at(number);
    journal::TrialRecord record = begun(planned);
    starved_ = false;
    if (!attempt(window, planned, false, record)) attempt(window, planned, true, record);
    for (const auto& table : window.results().release(planned.expects))
        connection_->execute(base_.engine().dialect().drop_table(table));
    record.milliseconds = milliseconds_from(start);
    return record;
}

journal::TrialRecord TrialRunner::run_alone(const Window& window, std::size_t number) {
    const auto start = std::chrono::steady_clock::now();
    const Window::Planned& planned = window.at(number);
    journal::TrialRecord record = begun(planned);
    starved_ = false;
    attempt(window, planned, true, record);
    record.milliseconds = milliseconds_from(start);
    return record;
}

journal::Outcome outcome_of(const Baseline& baseline, const journal::TrialRecord& record) {
    bool out = !record.extra.empty();
    for (std::size_t s = 0; s < record.values.size() && !out; ++s)
        out = journal::breaches(record.values[s], baseline.record.values[s],
                                baseline.tolerances[s].value_or(0));
    const bool fired = !record.fired.empty();
    if (out) return fired ? journal::Outcome::detected : journal::Outcome::silent;
    return fired ? journal::Outcome::false_alarm : journal::Outcome::absorbed;
}

}  // namespace faultline::run
