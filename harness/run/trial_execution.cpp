#include "run/trial_execution.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <regex>

#include "core/error.h"
#include "run/expectations.h"

namespace faultline::run {
namespace {

std::string unique_owner() {
    static std::atomic<std::uint64_t> count{0};
    return std::to_string(count.fetch_add(1));
}

}  // namespace

std::string normalised(const std::string& message) {
    static const std::regex address("[0-9a-f]{32}(/[^\"\\s]*)?");
    std::string text = std::regex_replace(message, address, "…");
    const std::size_t generated = text.find("\n\nLINE ");
    if (generated != std::string::npos) text.resize(generated);
    return text;
}

std::string outlived(std::optional<std::chrono::milliseconds> timeout) {
    return fmt::format("outlived its time-out of {} ms", timeout ? timeout->count() : 0);
}

TrialExecution::TrialExecution(const Experiment& experiment, const BaseRun& base,
                               engine::Connection& connection, plugin::Measures& measures,
                               const StopFlag* stop, const TrialPlan& plan, const Work& work,
                               bool stepwise)
    : experiment_(experiment),
      base_(base),
      connection_(connection),
      measures_(measures),
      stop_(stop),
      plan_(plan),
      work_(work),
      stepwise_(stepwise),
      owner_(unique_owner()),
      relations_(&base.relations()) {}

TrialExecution::~TrialExecution() {
    try {
        connection_.stop_when({});
        for (const auto& table : made_)
            connection_.execute(base_.engine().dialect().drop_table(table));
        std::error_code ignored;
        for (const auto& folder : folders_) std::filesystem::remove_all(folder, ignored);
    } catch (const Error&) {
        // A table that cannot be dropped costs memory, never a result: the names are not used
        // again.
    }
}

bool TrialExecution::shared(const std::string& address) const {
    const auto uses = work_.uses.find(address);
    return stepwise_ || (uses != work_.uses.end() && uses->second > 1);
}

std::optional<std::chrono::milliseconds> TrialExecution::timeout_of(NodeIndex node) const {
    const auto& own = experiment_.workflow.pipeline.nodes[node].timeout;
    return own ? own : experiment_.scenario.limits.timeout;
}

void TrialExecution::within(const std::string& node, const char* stage, journal::Outcome on_error,
                            std::optional<std::chrono::milliseconds> timeout,
                            const std::function<void()>& action) {
    engine::StopWhen stop;
    stop.flag = stop_;
    if (timeout) stop.deadline = std::chrono::steady_clock::now() + *timeout;
    deadline_ = stop.deadline;
    connection_.stop_when(stop);
    try {
        action();
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::cancelled) {
            if (stop_ != nullptr && stop_->requested()) throw;
            throw TrialFailure{{node, stage, outlived(timeout)}, journal::Outcome::timed_out};
        }
        if (error.kind() != ErrorKind::data && error.kind() != ErrorKind::plugin) throw;
        throw TrialFailure{{node, stage, normalised(error.what())}, on_error};
    }
}

void TrialExecution::materialise(const std::string& address, const std::string& select) {
    const engine::Dialect& dialect = base_.engine().dialect();
    const std::string table = dialect.store(address + "/" + owner_);
    const std::string statement = dialect.create_table_as(table, select);
    statements_.push_back(statement);
    connection_.execute(statement);
    made_.push_back(table);
    relations_.set(address, "SELECT * FROM " + table);
}

void TrialExecution::run() {
    // A check is asked as soon as the last node it reads is there: what fired before a crash is
    // known.
    std::map<NodeIndex, std::vector<std::size_t>> checks_after;
    const auto& order = experiment_.workflow.dag.order();
    std::vector<std::size_t> place(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) place[order[i]] = i;
    for (const std::size_t c : work_.checks) {
        const auto& reads = experiment_.checks[c].reads;
        const NodeIndex last =
            *std::max_element(reads.begin(), reads.end(),
                              [&](NodeIndex a, NodeIndex b) { return place[a] < place[b]; });
        checks_after[last].push_back(c);
    }
    for (const NodeIndex node : order) {
        if (work_.run[node]) step(node);
        perturb(node);
        const auto due = checks_after.find(node);
        if (due != checks_after.end())
            for (const std::size_t c : due->second) check(experiment_.checks[c]);
    }
    for (const std::size_t g : work_.metric_groups) metrics(experiment_.metric_groups[g]);
    std::stable_sort(answers_.begin(), answers_.end(),
                     [](const Answer& a, const Answer& b) { return a.metric < b.metric; });
}

void TrialExecution::step(NodeIndex node) {
    const std::string& address = plan_.result(node);
    if (relations_.has(address)) return;
    const model::Node& about = experiment_.workflow.pipeline.nodes[node];
    if (about.kind == model::NodeKind::source) {
        const std::string& content = plan_.content(node);
        if (address != content)
            within(about.name, "step", journal::Outcome::crashed, timeout_of(node),
                   [&] { disturb(node); });
        if (!relations_.has(content)) read(node);
        if (address != content) relations_.set(address, relations_.select(content));
        return;
    }
    const std::string select =
        step_sql(experiment_, node, plan_, relations_, base_.engine().dialect());
    const bool disturbed = address != plan_.content(node);
    // A site is read by selection, answer key and perturbation: it has to be a table. A node with a
    // time-out of its own is run alone, so that the time is its own as well.
    const bool table =
        shared(address) || !plan_.perturbed(node).empty() || about.timeout.has_value() || disturbed;
    if (!table) {
        relations_.set(address, select);
        return;
    }
    within(about.name, "step", journal::Outcome::crashed, timeout_of(node), [&] {
        if (disturbed) disturb(node);
        materialise(address, select);
    });
}

void TrialExecution::perturb(NodeIndex node) {
    const auto deliveries = plan_.perturbed(node);
    for (const Delivery* delivery : deliveries)
        if (work_.uses.contains(delivery->address)) deliver(node, *delivery);
}

void TrialExecution::deliver(NodeIndex node, const Delivery& delivery) {
    const engine::Dialect& dialect = base_.engine().dialect();
    const std::string& name = experiment_.workflow.pipeline.nodes[node].name;
    within(name, "perturb", journal::Outcome::not_applied, timeout_of(node), [&] {
        plugin::KeyedSite own;
        const plugin::KeyedSite* site = nullptr;
        if (plan_.content(node) == base_.plan().content(node)) {
            site = &base_.site(node);
        } else {
            // What is perturbed here has itself been changed upstream: key it as it came.
            const std::string& select = relations_.select(plan_.result(node));
            const std::string source = fmt::format("({}) AS site", select);
            const auto columns = connection_.describe(select);
            const std::string keyed = dialect.store(delivery.address + "/" + owner_ + "/keyed");
            own = plugin::make_keyed_site(connection_, dialect,
                                          site_of(experiment_, node, source, columns), keyed);
            made_.push_back(keyed);
            site = &own;
        }
        plugin::Perturbed perturbed = perturbed_form(delivery, *site, site != &own);
        made_.insert(made_.end(), perturbed.made.begin(), perturbed.made.end());
        for (std::size_t i = 0; i < delivery.faults.size(); ++i) {
            plugin::AnswerKey& key = answer_keys_[plan_.faults()[delivery.faults[i]].fault.id()];
            perturbed.answer_keys[i].calls = key.calls;  // it may have disturbed the execution too
            key = perturbed.answer_keys[i];
        }
        if (shared(delivery.address)) {
            materialise(delivery.address, perturbed.select);
        } else {
            relations_.set(delivery.address, perturbed.select);
        }
    });
    for (const std::size_t f : delivery.faults) {
        const std::string& id = plan_.faults()[f].fault.id();
        const plugin::AnswerKey& key = answer_keys_.at(id);
        if (key.expected_any && !key.changed_anything())
            throw TrialFailure{
                {name, "perturb",
                 fmt::format("\"{}\" changed nothing, where it should have changed something", id)},
                journal::Outcome::not_applied};
    }
}

plugin::Perturbed TrialExecution::perturbed_form(const Delivery& delivery,
                                                 const plugin::KeyedSite& site, bool of_base) {
    if (of_base)
        if (auto known = base_.deliveries().find(delivery.address)) return std::move(*known);
    std::vector<plugin::Application> stack;
    for (const std::size_t f : delivery.faults)
        stack.push_back(
            {&plan_.faults()[f].fault, plan_.faults()[f].severity, plan_.faults()[f].stream});
    const engine::Dialect& dialect = base_.engine().dialect();
    unsigned scratch = 0;
    try {
        auto perturbed = plugin::perturb(
            connection_, dialect, site, stack, measures_,
            [&] {
                return dialect.store(fmt::format("{}/{}/{}", delivery.address, owner_, scratch++));
            },
            stop_);
        if (of_base) base_.deliveries().keep(delivery.address, perturbed);
        return perturbed;
    } catch (const Error& error) {
        // Parameters that fit the base, on a relation that is another one by now: no mistake of
        // the scenario as such, but not applied.
        if (error.kind() != ErrorKind::user || of_base) throw;
        throw Error(ErrorKind::data, error.what());
    }
}

void TrialExecution::check(const BoundCheck& check) {
    journal::CheckState& state = checks_[check.id];
    const std::string& name = experiment_.workflow.pipeline.nodes[check.node].name;
    if (!check.contract.empty()) {
        within(name, "step", journal::Outcome::crashed, timeout_of(check.node), [&] {
            const auto columns =
                connection_.describe(relations_.select(plan_.handed_on(check.node).address));
            state.fired = !broken_contract(check.contract, columns, check.contract_types).empty();
        });
        return;
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
}

void TrialExecution::metrics(const MetricGroup& group) {
    const auto ask = [&](const MetricGroup& part) {
        const std::string statement = question_sql(
            experiment_, {part.output}, metrics_sql(experiment_, part, base_.engine().dialect()),
            plan_, relations_, base_.engine().dialect());
        statements_.push_back(statement);
        within(experiment_.workflow.pipeline.nodes[part.output].name, "metric",
               journal::Outcome::crashed, timeout_of(part.output), [&] {
                   for (auto& answer : read_metrics(part, connection_.query(statement)))
                       answers_.push_back(std::move(answer));
               });
    };
    if (!stepwise_) {
        ask(group);
        return;
    }
    for (const std::size_t metric : group.metrics) {
        try {
            ask({group.output, group.by, {metric}});
        } catch (TrialFailure& failure) {
            failure.failure.message =
                fmt::format("metric \"{}\": {}", experiment_.scenario.metrics[metric].id,
                            failure.failure.message);
            throw;
        }
    }
}

}  // namespace faultline::run
