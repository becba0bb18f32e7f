#include <fmt/format.h>

#include <algorithm>

#include "run/expectations.h"
#include "run/flat_sql.h"
#include "run/latency.h"
#include "run/trial_execution.h"

namespace faultline::run {

std::vector<TrialExecution::Question> TrialExecution::questions() const {
    std::vector<Question> all;
    for (const std::size_t c : work_.checks)
        all.push_back(
            {false, c, check_question(experiment_, c, plan_), experiment_.checks[c].reads});
    for (const std::size_t g : work_.metric_groups) {
        const NodeIndex output = experiment_.metric_groups[g].output;
        all.push_back({true, g, metric_question(g, plan_.handed_on(output).address), {output}});
    }
    return all;
}

void TrialExecution::adopt_answer(const Question& question, const SharedResult& result) {
    spared_.insert(result.spared.begin(), result.spared.end());
    if (question.metrics) {
        answers_.insert(answers_.end(), result.answers.begin(), result.answers.end());
    } else {
        checks_[experiment_.checks[question.at].id] = result.check;
    }
}

bool TrialExecution::answered_by_base(const Question& question) {
    const bool as_base =
        std::all_of(question.reads.begin(), question.reads.end(),
                    [&](NodeIndex node) { return is_like_base(node, plan_.handed_on(node)); });
    if (as_base && question.metrics) {
        const auto answers = base_answers(experiment_.metric_groups[question.at]);
        answers_.insert(answers_.end(), answers.begin(), answers.end());
    } else if (as_base) {
        const auto& id = experiment_.checks[question.at].id;
        checks_[id] = base_.checks().at(id);
    }
    return as_base;
}

void TrialExecution::ask(const std::vector<Question>& questions, std::vector<Claim>& claims) {
    for (const auto& question : questions)
        for (const NodeIndex node : question.reads) demand(node, plan_.handed_on(node));
    const engine::Dialect& dialect = base_.engine().dialect();
    FlatSql flat(experiment_, plan_, relations_, dialect,
                 keeps_columns_ ? &base_.needed_columns() : nullptr);
    AskedTogether together;
    std::vector<const Question*> asked;
    const std::size_t before = answers_.size();
    for (const auto& question : questions) {
        // Rows as in the base say nothing of how long somebody waited for them.
        if (question.metrics && experiment_.metric_groups[question.at].measured) {
            const auto measured = measured_answers(experiment_.metric_groups[question.at]);
            answers_.insert(answers_.end(), measured.begin(), measured.end());
            continue;
        }
        if (answered_by_base(question)) continue;
        if (question.metrics) {
            const MetricGroup& group = experiment_.metric_groups[question.at];
            together.add(flat.question(question.reads, metrics_sql(experiment_, group, dialect)),
                         group.by.size() + group.metrics.size(), group.by.size());
            asked.push_back(&question);
        } else if (const BoundCheck& about = experiment_.checks[question.at];
                   about.contract.empty()) {
            together.add(flat.question(question.reads, check_sql(about)), 1, 0);
            asked.push_back(&question);
        } else {
            checks_[about.id] = {contract_broken(about), false};
        }
    }
    if (!asked.empty()) {
        const std::string statement = flat.statement(together.sql());
        statements_.push_back(statement);
        // What takes longer than one step may is run again step by step, each with its own time.
        const NodeIndex named = asked.back()->reads.back();
        std::vector<engine::Rows> rows;
        within(experiment_.workflow.pipeline.nodes[named].name, "metric", journal::Outcome::crashed,
               experiment_.scenario.limits.timeout,
               [&] { rows = together.apart(connection_.query(statement)); });
        for (std::size_t i = 0; i < asked.size(); ++i) {
            const Question& question = *asked[i];
            if (question.metrics) {
                const auto read = read_metrics(experiment_.metric_groups[question.at], rows[i]);
                answers_.insert(answers_.end(), read.begin(), read.end());
            } else {
                checks_[experiment_.checks[question.at].id] = {!rows[i].rows.empty(), false};
            }
        }
    }
    for (std::size_t i = 0; i < questions.size(); ++i) {
        if (!claims[i].mine()) continue;
        SharedResult result;
        result.spared = spared_;
        if (questions[i].metrics) {
            const auto& own = experiment_.metric_groups[questions[i].at].metrics;
            for (std::size_t a = before; a < answers_.size(); ++a)
                if (std::find(own.begin(), own.end(), answers_[a].metric) != own.end())
                    result.answers.push_back(answers_[a]);
        } else {
            result.check = checks_.at(experiment_.checks[questions[i].at].id);
        }
        claims[i].publish(std::move(result), "");
    }
}

void TrialExecution::check(std::size_t check) {
    const BoundCheck& about = experiment_.checks[check];
    checks_[about.id] = {};
    for (const NodeIndex node : about.reads) demand(node, plan_.handed_on(node));
    checks_[about.id] = check_state(about);
}

bool TrialExecution::contract_broken(const BoundCheck& check) {
    bool broken = false;
    within(experiment_.workflow.pipeline.nodes[check.node].name, "step", journal::Outcome::crashed,
           timeout_of(check.node), [&] {
               FlatSql flat(experiment_, plan_, relations_, base_.engine().dialect());
               const std::string handed_on =
                   flat.relation(check.node, plan_.handed_on(check.node).address);
               const auto columns = connection_.describe(flat.statement(handed_on));
               broken = !broken_contract(check.contract, columns, check.contract_types).empty();
           });
    return broken;
}

journal::CheckState TrialExecution::check_state(const BoundCheck& check) {
    if (!check.contract.empty()) return {contract_broken(check), false};
    const std::string& name = experiment_.workflow.pipeline.nodes[check.node].name;
    journal::CheckState state;
    const std::string statement = question_sql(experiment_, check.reads, check_sql(check), plan_,
                                               relations_, base_.engine().dialect());
    statements_.push_back(statement);
    try {
        within(name, "check", journal::Outcome::crashed, timeout_of(check.node),
               [&] { state.fired = !connection_.query(statement).rows.empty(); });
    } catch (const TrialFailure&) {
        // The nodes it reads are tables by now, so it is the check's own SQL that broke, which the
        // people who wrote it would notice: it counts as fired.
        state = {true, true};
    }
    return state;
}

void TrialExecution::metrics(std::size_t group) {
    const MetricGroup& about = experiment_.metric_groups[group];
    demand(about.output, plan_.handed_on(about.output));
    const auto answers = about.measured ? measured_answers(about) : ask_one_by_one(about);
    answers_.insert(answers_.end(), answers.begin(), answers.end());
}

std::vector<Answer> TrialExecution::measured_answers(const MetricGroup& group) const {
    const double until = milliseconds_until(experiment_, group.output, [&](NodeIndex node) {
        const auto own = milliseconds_.find(node);
        return own != milliseconds_.end() ? own->second : base_.node_milliseconds()[node];
    });
    std::vector<Answer> answers;
    for (const std::size_t metric : group.metrics)
        answers.push_back({metric, nullptr, until / 1000});
    return answers;
}

std::vector<Answer> TrialExecution::base_answers(const MetricGroup& group) const {
    std::vector<Answer> answers;
    for (const auto& answer : base_.answers())
        if (std::find(group.metrics.begin(), group.metrics.end(), answer.metric) !=
            group.metrics.end())
            answers.push_back(answer);
    return answers;
}

std::vector<Answer> TrialExecution::ask_one_by_one(const MetricGroup& group) {
    std::vector<Answer> answers;
    for (const std::size_t metric : group.metrics) {
        const MetricGroup part{group.output, group.by, {metric}};
        const std::string statement = question_sql(
            experiment_, {part.output}, metrics_sql(experiment_, part, base_.engine().dialect()),
            plan_, relations_, base_.engine().dialect());
        statements_.push_back(statement);
        try {
            within(experiment_.workflow.pipeline.nodes[part.output].name, "metric",
                   journal::Outcome::crashed, timeout_of(part.output), [&] {
                       for (auto& answer : read_metrics(part, connection_.query(statement)))
                           answers.push_back(std::move(answer));
                   });
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
