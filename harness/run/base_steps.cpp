#include <fmt/format.h>

#include "core/error.h"
#include "core/json_pointer.h"
#include "run/base_run.h"
#include "run/out_of_memory.h"

namespace faultline::run {
namespace {

const char* text_key(model::NodeKind kind) {
    return kind == model::NodeKind::command ? "command" : "sql";
}

}  // namespace

void BaseRun::in_time(NodeIndex node, const std::string& pointer,
                      const std::function<void()>& action) {
    const auto& own = experiment_.workflow.pipeline.nodes[node].timeout;
    const auto timeout = own ? own : experiment_.scenario.limits.timeout;
    engine::StopWhen stop{std::nullopt, options_.stop};
    if (timeout) stop.deadline = std::chrono::steady_clock::now() + *timeout;
    connection_->stop_when(stop);
    try {
        action();
    } catch (const Error& error) {
        const bool asked = options_.stop != nullptr && options_.stop->requested();
        if (error.kind() != ErrorKind::cancelled || asked || !timeout) throw;
        throw Error({Problem{experiment_.workflow.pipeline.file.string(),
                             pointer,
                             fmt::format("a node that outlives its time-out of {} ms on the "
                                         "unperturbed data",
                                         timeout->count()),
                             "a pipeline that keeps to its own times",
                             {}}});
    }
    connection_->stop_when({std::nullopt, options_.stop});
}

void BaseRun::run_step(NodeIndex node) {
    const Workflow& workflow = experiment_.workflow;
    const engine::Dialect& dialect = engine_->dialect();
    const std::string& address = plan_.result(node);
    const model::Node& about = workflow.pipeline.nodes[node];
    const std::string pointer = pointer_to(about.pointer, text_key(about.kind));
    const auto start = std::chrono::steady_clock::now();
    if (about.kind == model::NodeKind::command) {
        run_program(node);
    } else {
        try {
            in_time(node, pointer, [&] {
                connection_->execute(dialect.create_table_as(
                    dialect.store(address),
                    step_sql(experiment_, node, plan_, relations_, dialect)));
            });
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::data) throw;
            throw Error({Problem{workflow.pipeline.file.string(),
                                 pointer,
                                 "SQL that fails on the unperturbed data: " + advised(error.what()),
                                 "a pipeline that runs by itself",
                                 {}}});
        }
        milliseconds_[node] =
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                .count();
    }
    relations_.set(address, "SELECT * FROM " + dialect.store(address));
    ++executed_;
}

void BaseRun::run_steps() {
    const Workflow& workflow = experiment_.workflow;
    const engine::Dialect& dialect = engine_->dialect();
    std::map<std::string, NodeIndex> made_by;  // of two that say the same, one is run
    for (const NodeIndex node : workflow.dag.order()) {
        if (workflow.pipeline.nodes[node].kind == model::NodeKind::source) continue;
        const std::string& address = plan_.result(node);
        if (!relations_.has(address)) {
            run_step(node);
            made_by.emplace(address, node);
        } else if (const auto twin = made_by.find(address); twin != made_by.end()) {
            milliseconds_[node] = milliseconds_[twin->second];
        }
        if (late_[node]) {
            columns_[node] = connection_->describe(relations_.select(address));
            schemas_.set(address, relations_.select(address) + " LIMIT 0");
        } else if (schemas_.select(address) ==
                   "SELECT * FROM " + dialect.store(address + "/columns")) {
            connection_->execute(dialect.drop_table(dialect.store(address + "/columns")));
            schemas_.set(address, relations_.select(address) + " LIMIT 0");
        }
    }
    binding_late_ = true;
    bind_all();
}

void BaseRun::run_program(NodeIndex node) {
    const model::Pipeline& pipeline = experiment_.workflow.pipeline;
    const engine::Dialect& dialect = engine_->dialect();
    CommandStep step = command_step(experiment_, *this, node, *connection_,
                                    scratch_ / "commands" / ("base-" + std::to_string(node)));
    for (const NodeIndex input : experiment_.workflow.dag.inputs(node))
        step.inputs.push_back(
            {pipeline.nodes[input].name, relations_.select(plan_.delivered(input, node).address)});
    step.stop = options_.stop;
    const auto& own = pipeline.nodes[node].timeout;
    const auto timeout = own ? own : experiment_.scenario.limits.timeout;
    if (timeout) step.deadline = std::chrono::steady_clock::now() + *timeout;
    process::Ended ended;
    std::string wrong;
    try {
        run_command(step, ended, [&](const std::string& select) {
            connection_->execute(
                dialect.create_table_as(dialect.store(plan_.result(node)), select));
        });
    } catch (const CommandFailure& failure) {
        wrong = failure.timed_out
                    ? fmt::format(
                          "a node that outlives its time-out of {} ms on the unperturbed "
                          "data",
                          timeout ? timeout->count() : 0)
                    : "a command that fails on the unperturbed data: " + failure.message;
    }
    std::error_code ignored;
    std::filesystem::remove_all(step.folder, ignored);
    milliseconds_[node] = std::chrono::duration<double, std::milli>(ended.took).count();
    if (!wrong.empty())
        throw Error({Problem{pipeline.file.string(),
                             pointer_to(pipeline.nodes[node].pointer, "command"),
                             wrong,
                             "a pipeline that runs by itself",
                             {}}});
}

CommandStep command_step(const Experiment& experiment, const BaseRun& base, NodeIndex node,
                         engine::Connection& connection, std::filesystem::path folder) {
    const model::Node& about = experiment.workflow.pipeline.nodes[node];
    CommandStep step{about,
                     base.command(node),
                     connection,
                     base.engine().dialect(),
                     std::move(folder),
                     {},
                     about.columns,
                     base.promised_types(node)};
    // What was found in the unperturbed run holds: text that happens to look otherwise in a trial
    // is no other column.
    for (const auto& column : base.columns(node)) step.typed.push_back({column.name, column.type});
    return step;
}

void BaseRun::read_promises(std::vector<Problem>& problems) {
    const model::Pipeline& pipeline = experiment_.workflow.pipeline;
    for (const auto& [node, command] : commands_) {
        const model::Node& about = pipeline.nodes[node];
        auto& types = promised_types_[node];
        for (const auto& column : about.columns) {
            types.emplace_back();
            if (column.type.empty()) continue;
            try {
                types.back() =
                    connection_->describe("SELECT CAST(NULL AS " + column.type + ") AS c")
                        .front()
                        .type;
            } catch (const Error& error) {
                if (error.kind() != ErrorKind::data) throw;
                problems.push_back({pipeline.file.string(),
                                    pointer_to(pointer_to(about.pointer, "columns"), column.name),
                                    fmt::format("\"{}\"", column.type),
                                    "a type that " + engine_->version() + " knows",
                                    {}});
            }
        }
    }
}

bool BaseRun::is_due(const std::vector<NodeIndex>& nodes) const {
    bool late = false;
    for (const NodeIndex node : nodes) late = late || late_[node];
    return late == binding_late_;
}

}  // namespace faultline::run
