#include "run/trial_execution.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <regex>
#include <string_view>

#include "core/error.h"
#include "core/stopwatch.h"
#include "run/flat_sql.h"
#include "run/out_of_memory.h"

namespace faultline::run {
namespace {

std::string unique_owner() {
    static std::atomic<std::uint64_t> count{0};
    return std::to_string(count.fetch_add(1));
}

/// Whether every relation of a trial has the base's columns.
bool keep_columns(const std::vector<PlannedFault>& faults) {
    return std::all_of(faults.begin(), faults.end(), [](const PlannedFault& planned) {
        const auto& about = planned.fault.plugin().about();
        return about.keeps_schema && !about.has_file;
    });
}

}  // namespace

std::size_t bindings(const std::string& select) {
    constexpr std::string_view mark = " AS NOT MATERIALIZED (";
    std::size_t count = 0;
    for (auto at = select.find(mark); at != std::string::npos; at = select.find(mark, at + 1))
        ++count;
    return count;
}

std::string normalised(const std::string& message) {
    static const std::regex address("[0-9a-f]{32}(/[^\"\\s]*)?");
    std::string text = std::regex_replace(advised(message), address, "…");
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
                               bool stepwise, SharedResults* shared)
    : experiment_(experiment),
      base_(base),
      connection_(connection),
      measures_(measures),
      stop_(stop),
      plan_(plan),
      work_(work),
      stepwise_(stepwise),
      shared_(shared),
      keeps_columns_(keep_columns(plan.faults())),
      owner_(unique_owner()),
      relations_(&base.relations()),
      spares_(!stepwise) {}

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

std::string TrialExecution::materialise(const std::string& address, const std::string& select) {
    const engine::Dialect& dialect = base_.engine().dialect();
    const std::string table = dialect.store(address + "/" + owner_);
    const std::string statement = dialect.create_table_as(table, select);
    statements_.push_back(statement);
    connection_.execute(statement);
    made_.push_back(table);
    relations_.set(address, "SELECT * FROM " + table);
    bound_.erase(address);
    return table;
}

void TrialExecution::run() {
    if (stepwise_) {
        run_stepwise();
    } else {
        settle_statement();
        for (const NodeIndex node : plan_.reached()) prepare(node);
        std::vector<Question> asked, awaited;
        std::vector<Claim> claims;
        for (auto& question : questions()) {
            Claim claim = Claim::without_waiting(shared_, question.name);
            if (claim.ready() != nullptr) {
                adopt_answer(question, *claim.ready());
            } else if (claim.pending()) {
                awaited.push_back(std::move(question));
            } else {
                asked.push_back(std::move(question));
                claims.push_back(std::move(claim));
            }
        }
        ask(asked, claims);
        claims.clear();
        // Holding nothing by now, so that two trials never wait for each other.
        for (const auto& question : awaited) {
            claims.emplace_back(shared_, question.name, stop_);
            if (claims.back().ready() != nullptr) {
                adopt_answer(question, *claims.back().ready());
            } else {
                ask({question}, claims);
            }
            claims.clear();
        }
    }
    std::stable_sort(answers_.begin(), answers_.end(),
                     [](const Answer& a, const Answer& b) { return a.metric < b.metric; });
}

void TrialExecution::prepare(NodeIndex node) {
    const bool is_source =
        experiment_.workflow.pipeline.nodes[node].kind == model::NodeKind::source;
    // Sources at once: what their faults did is part of the trial, whoever made it.
    if (work_.run[node] && (stepwise_ || is_source)) demand(node);
    for (const Delivery* delivery : plan_.perturbed(node))
        if (work_.readers.contains(delivery->address)) deliver(node, *delivery);
}

void TrialExecution::run_stepwise() {
    // A check is asked as soon as the last node it reads is there, of those that may differ from
    // the base's: what fired before a crash is known.
    std::map<NodeIndex, std::vector<std::size_t>> checks_after;
    for (const std::size_t c : work_.checks) {
        const auto& reads = experiment_.checks[c].reads;
        const auto last = std::find_first_of(plan_.reached().rbegin(), plan_.reached().rend(),
                                             reads.begin(), reads.end());
        checks_after[*last].push_back(c);
    }
    for (const NodeIndex node : plan_.reached()) {
        prepare(node);
        const auto due = checks_after.find(node);
        if (due != checks_after.end())
            for (const std::size_t c : due->second) check(c);
    }
    for (const std::size_t g : work_.metric_groups) metrics(g);
}

void TrialExecution::run_through(const std::function<bool(NodeIndex)>& is_like_base) {
    spares_ = true;
    for (const NodeIndex node : plan_.reached()) {
        prepare(node);
        if (is_like_base(node)) like_base_.insert(node);
    }
}

void TrialExecution::demand(NodeIndex node, const Delivery& delivery) {
    if (delivery.faults.empty()) {
        demand(node);
    } else {
        deliver(node, delivery);
    }
}

void TrialExecution::demand(NodeIndex node) {
    const std::string& address = plan_.result(node);
    if (relations_.has(address)) return;
    Claim claim(shared_, address, stop_);
    if (claim.ready() != nullptr) {
        adopt(address, *claim.ready());
        if (claim.ready()->like_base) like_base_.insert(node);
    } else if (experiment_.workflow.pipeline.nodes[node].kind == model::NodeKind::source) {
        source(node, claim);
    } else {
        step(node, claim);
    }
}

void TrialExecution::source(NodeIndex node, Claim& claim) {
    const std::string& address = plan_.result(node);
    const std::string& content = plan_.content(node);
    const Stopwatch watch;
    if (address != content)
        within(experiment_.workflow.pipeline.nodes[node].name, "step", journal::Outcome::crashed,
               timeout_of(node), [&] { disturb(node); });
    milliseconds_[node] = watch.milliseconds();
    if (relations_.has(content)) {
        milliseconds_[node] += base_.node_milliseconds()[node];
    } else {
        read(node, claim);
    }
    if (address != content) relations_.set(address, relations_.select(content));
}

void TrialExecution::step(NodeIndex node, Claim& claim) {
    const std::string& address = plan_.result(node);
    for (const NodeIndex input : experiment_.workflow.dag.inputs(node))
        demand(input, plan_.delivered(input, node));
    if (reads_only_base(node)) {
        spared_.insert(address);
        take_base(node, claim);
        return;
    }
    const model::Node& about = experiment_.workflow.pipeline.nodes[node];
    const bool is_program = about.kind == model::NodeKind::command;
    if (!is_program) shorten(node);
    const bool disturbed = is_disturbed(node);
    const bool becomes_table =
        runs_alone(node) || is_read_apart(address) || claim.mine() || worth_comparing(node);
    if (!becomes_table) {
        relations_.set_step(address, node);
        return;
    }
    const bool narrow = carries_less(node);
    std::string select;
    if (!is_program) {
        FlatSql flat(experiment_, plan_, relations_, base_.engine().dialect());
        const std::string step = flat.step(node);
        select = flat.statement(narrow ? base_.table_columns().narrowed(node, step) : step);
    }
    within(about.name, "step", journal::Outcome::crashed, timeout_of(node), [&] {
        const Stopwatch watch;
        if (disturbed) disturb(node);
        if (is_program) {
            const double waited = watch.milliseconds();
            program(node);
            // Writing and reading the exchanged files is the harness's work, not the program's.
            milliseconds_[node] = waited + 1000 * programs_.at(node).ended.took.count();
        } else {
            const std::string table = materialise(address, select);
            if (narrow) relations_.set(address, base_.table_columns().widened(node, table));
            milliseconds_[node] = watch.milliseconds();
        }
    });
    if (!stepwise_ && !disturbed && feeds_steps(node) && came_out_as_base(node))
        take_base(node, claim);
    hand_over(claim, address, {});
}

bool TrialExecution::carries_less(NodeIndex node) const {
    // What is looked at node by node is looked at whole, and what is timed is written as the base's
    // was.
    return !stepwise_ && !base_.is_timed(node) && base_.table_columns().narrows(node);
}

bool TrialExecution::came_out_as_base(NodeIndex node) {
    std::string base = base_.relations().select(base_.plan().result(node));
    std::string made = relations_.select(plan_.result(node));
    engine::Schema columns = base_.columns(node);
    if (!keeps_columns_ && connection_.describe(made) != columns) return false;
    if (carries_less(node)) {
        const NeededColumns& carried = base_.table_columns();
        base = carried.narrowed(node, base);
        made = carried.narrowed(node, made);
        columns = carried.of(node, columns);
    }
    return base_.fingerprints().same(connection_, base_.engine().dialect(), columns, base, made);
}

void TrialExecution::shorten(NodeIndex node) {
    // What an engine needs to plan a statement grows faster than the statement.
    constexpr std::size_t most = 48;
    const auto& inputs = experiment_.workflow.dag.inputs(node);
    const auto bound_by = [&](const std::string& address) {
        const auto left = bound_.find(address);
        return left != bound_.end() ? left->second : bindings(relations_.select(address));
    };
    std::size_t bound = 1;
    for (const NodeIndex input : inputs) bound += bound_by(plan_.delivered(input, node).address);
    for (const NodeIndex input : inputs) {
        if (bound <= most) break;
        const std::string& address = plan_.delivered(input, node).address;
        const auto its_own = bound_by(address);
        if (its_own == 0) continue;
        FlatSql flat(experiment_, plan_, relations_, base_.engine().dialect());
        const std::string part = flat.relation(input, address);
        within(experiment_.workflow.pipeline.nodes[input].name, "step", journal::Outcome::crashed,
               timeout_of(input), [&] { materialise(address, flat.statement(part)); });
        bound_.erase(address);
        bound -= its_own;
    }
    bound_[plan_.result(node)] = bound;
}

void TrialExecution::deliver(NodeIndex node, const Delivery& delivery) {
    if (!relations_.has(delivery.address)) {
        Claim claim(shared_, delivery.address, stop_);
        if (claim.ready() != nullptr) {
            adopt(delivery.address, *claim.ready());
        } else {
            perturb(node, delivery, claim);
        }
    }
    require_effect(node, delivery.faults, false);
}

void TrialExecution::perturb(NodeIndex node, const Delivery& delivery, Claim& claim) {
    const engine::Dialect& dialect = base_.engine().dialect();
    demand(node);
    std::map<std::string, plugin::AnswerKey> keys;
    const bool of_base =
        plan_.content(node) == base_.plan().content(node) || like_base_.contains(node);
    within(experiment_.workflow.pipeline.nodes[node].name, "perturb", journal::Outcome::not_applied,
           timeout_of(node), [&] {
               plugin::KeyedSite own;
               if (!of_base) {
                   // What is perturbed here has itself been changed upstream: key it as it came.
                   const std::string& select = relations_.select(plan_.result(node));
                   const std::string from = fmt::format("({}) AS site", select);
                   const auto columns = connection_.describe(select);
                   const std::string keyed =
                       dialect.store(delivery.address + "/" + owner_ + "/keyed");
                   own = plugin::make_keyed_site(connection_, dialect,
                                                 site_of(experiment_, node, from, columns), keyed);
                   made_.push_back(keyed);
               }
               plugin::Perturbed perturbed =
                   perturbed_form(delivery, of_base ? base_.site(node) : own, of_base);
               made_.insert(made_.end(), perturbed.made.begin(), perturbed.made.end());
               held_.insert(held_.end(), perturbed.held.begin(), perturbed.held.end());
               for (std::size_t i = 0; i < delivery.faults.size(); ++i) {
                   const auto& id = plan_.faults()[delivery.faults[i]].fault.id();
                   // It may have disturbed the execution too.
                   perturbed.answer_keys[i].calls = answer_keys_[id].calls;
                   keys[id] = perturbed.answer_keys[i];
                   note(id, keys[id]);
               }
               // Perturbing is no part of what the reader takes.
               if (claim.mine() || base_.is_timed(node) || is_read_apart(delivery.address)) {
                   materialise(delivery.address, perturbed.select);
               } else {
                   relations_.set(delivery.address, perturbed.select, perturbed.body);
               }
           });
    hand_over(claim, delivery.address, std::move(keys));
}

void TrialExecution::require_effect(NodeIndex node, const std::vector<std::size_t>& faults,
                                    bool located) const {
    for (const std::size_t f : faults) {
        const std::string& id = plan_.faults()[f].fault.id();
        const plugin::AnswerKey& key = answer_keys_.at(id);
        if (key.expected_any && !key.changed_anything())
            throw TrialFailure{
                {experiment_.workflow.pipeline.nodes[node].name, "perturb",
                 fmt::format("\"{}\" changed nothing, where it should have changed something", id)},
                journal::Outcome::not_applied,
                located};
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

}  // namespace faultline::run
