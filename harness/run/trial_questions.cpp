#include <fmt/format.h>

#include <algorithm>

#include "run/expectations.h"
#include "run/trial_execution.h"

namespace faultline::run {

void TrialExecution::check(std::size_t check) {
    const BoundCheck& about = experiment_.checks[check];
    Claim claim(shared_, check_question(experiment_, check, plan_), stop_);
    if (claim.ready() != nullptr) {
        checks_[about.id] = claim.ready()->check;
        spared_.insert(claim.ready()->spared.begin(), claim.ready()->spared.end());
        return;
    }
    checks_[about.id] = {};
    for (const NodeIndex node : about.reads) demand(node, plan_.handed_on(node));
    const bool as_base = std::all_of(about.reads.begin(), about.reads.end(), [&](NodeIndex node) {
        return is_like_base(node, plan_.handed_on(node));
    });
    checks_[about.id] = as_base ? base_.checks().at(about.id) : check_state(about);
    if (claim.mine()) claim.publish({{}, {}, {}, checks_[about.id], false, spared_}, "");
}

journal::CheckState TrialExecution::check_state(const BoundCheck& check) {
    const std::string& name = experiment_.workflow.pipeline.nodes[check.node].name;
    journal::CheckState state;
    if (!check.contract.empty()) {
        within(name, "step", journal::Outcome::crashed, timeout_of(check.node), [&] {
            const auto columns =
                connection_.describe(relations_.select(plan_.handed_on(check.node).address));
            state.fired = !broken_contract(check.contract, columns, check.contract_types).empty();
        });
        return state;
    }
    const std::string statement = question_sql(experiment_, check.reads, check_sql(check), plan_,
                                               relations_, base_.engine().dialect());
    statements_.push_back(statement);
    try {
        within(name, "check", journal::Outcome::crashed, timeout_of(check.node),
               [&] { state.fired = !connection_.query(statement).rows.empty(); });
    } catch (const TrialFailure&) {
        // The nodes it reads are tables by now, so it is the check's own SQL that broke, which the
        // people who wrote it would notice: it counts as fired.
        if (!stepwise_) throw;
        state = {true, true};
    }
    return state;
}

void TrialExecution::metrics(std::size_t group) {
    const MetricGroup& about = experiment_.metric_groups[group];
    const Delivery& asked = plan_.handed_on(about.output);
    Claim claim(shared_, metric_question(group, asked.address), stop_);
    std::vector<Answer> answers;
    if (claim.ready() != nullptr) {
        answers = claim.ready()->answers;
        spared_.insert(claim.ready()->spared.begin(), claim.ready()->spared.end());
    } else {
        demand(about.output, asked);
        answers = is_like_base(about.output, asked) ? base_answers(about) : ask(about);
        if (claim.mine()) claim.publish({{}, {}, answers, {}, false, spared_}, "");
    }
    answers_.insert(answers_.end(), answers.begin(), answers.end());
}

std::vector<Answer> TrialExecution::base_answers(const MetricGroup& group) const {
    std::vector<Answer> answers;
    for (const auto& answer : base_.answers())
        if (std::find(group.metrics.begin(), group.metrics.end(), answer.metric) !=
            group.metrics.end())
            answers.push_back(answer);
    return answers;
}

std::vector<Answer> TrialExecution::ask(const MetricGroup& group) {
    std::vector<Answer> answers;
    const auto ask_part = [&](const MetricGroup& part) {
        const std::string statement = question_sql(
            experiment_, {part.output}, metrics_sql(experiment_, part, base_.engine().dialect()),
            plan_, relations_, base_.engine().dialect());
        statements_.push_back(statement);
        within(experiment_.workflow.pipeline.nodes[part.output].name, "metric",
               journal::Outcome::crashed, timeout_of(part.output), [&] {
                   for (auto& answer : read_metrics(part, connection_.query(statement)))
                       answers.push_back(std::move(answer));
               });
    };
    if (!stepwise_) {
        ask_part(group);
        return answers;
    }
    for (const std::size_t metric : group.metrics) {
        try {
            ask_part({group.output, group.by, {metric}});
        } catch (TrialFailure& failure) {
            failure.failure.message =
                fmt::format("metric \"{}\": {}", experiment_.scenario.metrics[metric].id,
                            failure.failure.message);
            throw;
        }
    }
    return answers;
}

}  // namespace faultline::run
