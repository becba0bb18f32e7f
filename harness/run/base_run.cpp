#include "run/base_run.h"

#include <fmt/format.h>

#include <numeric>

#include "core/error.h"
#include "core/json_pointer.h"
#include "run/expectations.h"
#include "run/identity.h"
#include "run/latency.h"
#include "run/out_of_memory.h"
#include "run/window.h"

namespace faultline::run {
namespace {

std::unique_ptr<engine::SqlEngine> open_engine(const Experiment& experiment,
                                               const BaseOptions& options) {
    engine::EngineOptions wanted;
    wanted.memory_bytes = experiment.scenario.limits.memory_bytes.value_or(0);
    wanted.threads = options.threads;
    wanted.scratch = options.scratch;
    wanted.now = experiment.workflow.pipeline.now;
    wanted.seed = experiment.scenario.seed;
    return engine::open_duckdb(wanted);
}

/// A folder of its own where the caller gave none: data that do not fit are spilled somewhere, also
/// where they are only looked at.
BaseOptions with_scratch(BaseOptions options, const OwnFolder* folder) {
    if (folder != nullptr) options.scratch = folder->path();
    return options;
}

double milliseconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
        .count();
}

}  // namespace

plugin::Site site_of(const Experiment& experiment, NodeIndex node, const std::string& table,
                     const engine::Schema& columns) {
    const model::Node& about = experiment.workflow.pipeline.nodes[node];
    return {about.name, table, columns, about.key, about.batch, "node" + std::to_string(node)};
}

BaseRun::BaseRun(const Experiment& experiment, const BaseOptions& options)
    : experiment_(experiment),
      commands_(bind_commands(experiment.workflow.pipeline)),
      own_folder_(options.scratch.empty() ? std::make_unique<OwnFolder>() : nullptr),
      options_(with_scratch(options, own_folder_.get())),
      engine_(open_engine(experiment, options_)),
      connection_(engine_->connect()),
      sources_(options.sources.empty() ? address_sources(experiment, *engine_, options.stop)
                                       : options.sources),
      plan_(experiment, sources_),
      needed_(needed_nodes(experiment)),
      columns_(experiment.workflow.pipeline.nodes.size()),
      timed_(timed_nodes(experiment)),
      late_(columns_.size(), false),
      milliseconds_(columns_.size(), 0),
      bytes_(columns_.size(), 0) {
    connection_->stop_when({std::nullopt, options_.stop});
    read_sources();
    std::vector<Problem> problems;
    read_promises(problems);
    bind_steps(problems);
    if (!problems.empty()) throw Error(std::move(problems));
    bind_all();
}

void BaseRun::bind_all() {
    std::vector<Problem> problems;
    bind_declarations(problems);
    if (!problems.empty()) throw Error(std::move(problems));
    bind_questions(problems);
    bind_perturbations(problems);
    if (!problems.empty()) throw Error(std::move(problems));
}

void BaseRun::read_sources() {
    const model::Pipeline& pipeline = experiment_.workflow.pipeline;
    std::vector<Problem> problems;
    for (std::size_t i = 0; i < pipeline.nodes.size(); ++i) {
        const model::Node& node = pipeline.nodes[i];
        if (node.kind != model::NodeKind::source) continue;
        const auto start = std::chrono::steady_clock::now();
        const std::string table = engine_->dialect().store(sources_[i]);
        const std::string select = "SELECT * FROM " + table;
        // Two sources that say the same have one address and one table.
        if (!relations_.has(sources_[i])) {
            try {
                engine_->load_source(node.source, pipeline.folder, table, "",
                                     {std::nullopt, options_.stop});
                if (options_.other_order) {
                    std::string order;
                    const auto columns = connection_->describe(select);
                    for (std::size_t c = 1; c <= columns.size(); ++c)
                        order += (c == 1 ? "" : ", ") + std::to_string(c) + " DESC";
                    const std::string turned = engine_->dialect().store(sources_[i] + "/turned");
                    connection_->execute(
                        engine_->dialect().create_table_as(turned, select + " ORDER BY " + order));
                    connection_->execute(engine_->dialect().drop_table(table));
                    relations_.set(sources_[i], "SELECT * FROM " + turned);
                } else {
                    relations_.set(sources_[i], select);
                }
            } catch (const Error& error) {
                if (error.kind() == ErrorKind::cancelled || error.kind() == ErrorKind::internal)
                    throw;
                problems.push_back({pipeline.file.string(),
                                    pointer_to(node.pointer, "source"),
                                    advised(error.what()),
                                    "a source that can be read",
                                    {}});
                continue;
            }
        }
        const bool surveyed = options_.survey_files && !node.source.paths.empty();
        if ((is_damaged(i) || surveyed) && !options_.other_order) {
            try {
                files_[i] = engine_->survey_files(node.source, pipeline.folder, table);
            } catch (const Error& error) {
                if (error.kind() != ErrorKind::user) throw;
                // Where nobody is going to damage them, it is enough that they could be read once.
                if (is_damaged(i))
                    problems.push_back({pipeline.file.string(),
                                        pointer_to(node.pointer, "source"),
                                        error.what(),
                                        "files that can be read again",
                                        {}});
            }
        }
        columns_[i] = connection_->describe(relations_.select(sources_[i]));
        schemas_.set(sources_[i], relations_.select(sources_[i]) + " LIMIT 0");
        milliseconds_[i] = milliseconds_since(start);
    }
    if (!problems.empty()) throw Error(std::move(problems));
    for (std::size_t i = 0; i < pipeline.nodes.size(); ++i)
        if (pipeline.nodes[i].kind == model::NodeKind::source)
            largest_source_ = std::max(largest_source_, weight_of(i));
    if (options_.threads == 0) {
        options_.threads = threads_for(largest_source_, options_.large);
        if (options_.threads > 1) engine_->set_threads(options_.threads);
    }
    engine_->lock_down();
    if (!options_.scratch.empty()) scratch_ = std::filesystem::canonical(options_.scratch);
}

void BaseRun::run() {
    run_steps();
    key_sites();
    ask();
    weigh();
    all_bytes_ = std::accumulate(bytes_.begin(), bytes_.end(), std::uint64_t{0});
    if (options_.other_order) return;
    if (all_bytes_ >= options_.narrow_from) follow_readers();
    // Planning statements for each node is not worth it for what is small and has very many.
    constexpr std::uint64_t large = std::uint64_t{16} << 20;
    constexpr std::size_t many = 512;
    if (options_.follow_columns && (all_bytes_ >= large || columns_.size() <= many))
        lineage_.emplace(experiment_, needed_, columns_, timed_, engine_->dialect());
}

void BaseRun::follow_readers() {
    const auto asked_beside = [&](const std::vector<bool>& unsteady) {
        return NeededColumns(experiment_, needed_, columns_, engine_->dialect(), unsteady);
    };
    const auto of_trial = unsteady_nodes(experiment_, false);
    const auto of_any = unsteady_nodes(experiment_, true);
    needed_columns_ = asked_beside(of_trial);
    table_columns_ = of_any == of_trial ? needed_columns_ : asked_beside(of_any);
}

void BaseRun::weigh() {
    for (NodeIndex node = 0; node < needed_.size(); ++node)
        if (needed_[node]) bytes_[node] = weight_of(node);
}

std::uint64_t BaseRun::weight_of(NodeIndex node) {
    // Eight bytes a value and a bit for NULL, sixteen more for text: what is meant is the order of
    // magnitude, and that it is the same on every machine.
    const auto rows = connection_->query(
        fmt::format("SELECT count(*) FROM ({}) AS counted", relations_.select(plan_.result(node))));
    std::uint64_t width = 0;
    for (const auto& column : columns_[node])
        width += column.family == engine::TypeFamily::text ? 24 : 8;
    return width * static_cast<std::uint64_t>(std::get<std::int64_t>(rows.rows.at(0).at(0)));
}

void BaseRun::key_sites() {
    if (options_.other_order) return;
    const auto held = std::make_shared<plugin::HeldTables>(share_budget(experiment_).bytes / 2);
    for (const NodeIndex node : experiment_.sites) {
        if (sites_.contains(node)) continue;
        const std::string& address = plan_.result(node);
        auto& site = sites_[node];
        site = plugin::make_keyed_site(
            *connection_, engine_->dialect(),
            site_of(experiment_, node, engine_->dialect().store(address), columns_[node]),
            engine_->dialect().store(address + "/keyed/" + std::to_string(node)));
        site.tables = std::make_shared<MadeOnce>();
        site.held = held;
    }
}

void BaseRun::ask() {
    const engine::Dialect& dialect = engine_->dialect();
    for (const auto& group : experiment_.metric_groups) {
        if (group.measured) {
            const double until = milliseconds_until(
                experiment_, group.output, [&](NodeIndex node) { return milliseconds_[node]; });
            for (const std::size_t metric : group.metrics)
                answers_.push_back({metric, nullptr, until / 1000});
            continue;
        }
        try {
            const auto rows = connection_->query(
                question_sql(experiment_, {group.output}, metrics_sql(experiment_, group, dialect),
                             plan_, relations_, dialect));
            for (auto& answer : read_metrics(group, rows)) answers_.push_back(std::move(answer));
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::data) throw;
            throw Error(
                {Problem{experiment_.scenario.file.string(),
                         experiment_.scenario.metrics[group.metrics.front()].pointer,
                         "a metric that fails on the unperturbed data: " + advised(error.what()),
                         "an aggregate that gives one number",
                         {}}});
        }
    }
    std::stable_sort(answers_.begin(), answers_.end(),
                     [](const Answer& a, const Answer& b) { return a.metric < b.metric; });
    for (const auto& check : experiment_.checks) {
        journal::CheckState state;
        if (!check.contract.empty()) {
            state.fired =
                !broken_contract(check.contract, columns_[check.node], check.contract_types)
                     .empty();
        } else {
            try {
                state.fired = !connection_
                                   ->query(question_sql(experiment_, check.reads, check_sql(check),
                                                        plan_, relations_, dialect))
                                   .rows.empty();
            } catch (const Error& error) {
                if (error.kind() != ErrorKind::data) throw;
                throw Error(
                    {Problem{experiment_.scenario.file.string(),
                             check.pointer,
                             "a check that fails on the unperturbed data: " + advised(error.what()),
                             "a check that runs",
                             {}}});
            }
        }
        checks_[check.id] = state;
    }
}

}  // namespace faultline::run
