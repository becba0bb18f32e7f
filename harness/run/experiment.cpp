#include "run/experiment.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/json_pointer.h"
#include "run/expectations.h"
#include "run/file_site.h"

namespace faultline::run {
namespace {

void keep_problems(std::vector<Problem>& problems, const Error& error, const std::string& file,
                   const std::string& pointer) {
    if (error.kind() != ErrorKind::user) throw error;
    if (error.problems().empty()) {
        problems.push_back({file, pointer, error.what(), {}, {}});
    } else {
        problems.insert(problems.end(), error.problems().begin(), error.problems().end());
    }
}

std::vector<std::string> names_of(const std::vector<const plugin::Plugin*>& plugins) {
    std::vector<std::string> names;
    for (const auto* plugin : plugins) names.push_back(plugin->about().name);
    return names;
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
    return text.empty() ? "none" : text;
}

/// Gathers what a scenario means for its pipeline, and everything wrong with it.
class Binder {
  public:
    Binder(Experiment& experiment, const plugin::Registry& registry,
           const engine::SqlEngine& engine, engine::Connection& connection,
           std::vector<Problem>& problems)
        : experiment_(experiment),
          scenario_(experiment.scenario),
          pipeline_(experiment.workflow.pipeline),
          registry_(registry),
          engine_(engine),
          connection_(connection),
          problems_(problems) {}

    void perturbations() {
        for (const auto& perturbation : scenario_.perturbations) {
            const auto node = pipeline_.find(perturbation.node);
            if (!node) continue;  // reported by check_against
            const plugin::Plugin* plugin = registry_.find(perturbation.plugin);
            if (plugin == nullptr) {
                const auto names = names_of(registry_.plugins());
                problem(pointer_to(perturbation.pointer, "plugin"),
                        fmt::format("\"{}\"", perturbation.plugin),
                        "one of the plugins found: " + listed(names),
                        nearest_name(perturbation.plugin, names));
                continue;
            }
            try {
                const std::string mapped =
                    perturbation.severity ? perturbation.severity->param : "";
                plugin::Fault fault(perturbation.id, *plugin, perturbation.params,
                                    scenario_.file.string(), perturbation.pointer, mapped);
                const bool binary = plugin->about().dose == plugin::Dose::binary && mapped.empty();
                const auto consumer = consumer_of(perturbation, *node);
                // A time differs from one replicate to the next whatever the fault draws.
                const bool draws = draws_at_some_level(fault, perturbation) ||
                                   reaches_metric(consumer.value_or(*node), true);
                check_where(perturbation);
                check_execution(*plugin, perturbation, *node);
                check_file_site(*plugin, perturbation, pipeline_.nodes[*node],
                                scenario_.file.string(), problems_);
                experiment_.factors.push_back(
                    {perturbation.id, draws, binary, pipeline_.nodes[*node].name,
                     pipeline_.nodes[*node].owner, reaches_metric(consumer.value_or(*node))});
                experiment_.faults.push_back(std::move(fault));
                experiment_.sites.push_back(*node);
                experiment_.consumers.push_back(consumer);
            } catch (const Error& error) {
                keep_problems(problems_, error, scenario_.file.string(),
                              pointer_to(perturbation.pointer, "params"));
            }
        }
    }

    void checks() {
        for (const auto& check : scenario_.checks)
            if (const auto node = pipeline_.find(check.node)) bind(check, *node);
        for (std::size_t i = 0; i < pipeline_.nodes.size(); ++i) {
            const model::Node& node = pipeline_.nodes[i];
            if (node.columns.empty()) continue;
            BoundCheck bound;
            bound.id = "columns:" + node.name;
            bound.node = i;
            bound.reads = {i};
            bound.contract = node.columns;
            bound.pointer = pointer_to(node.pointer, "columns");
            bound.contract_types = types_of(node.columns, pipeline_.file.string(), bound.pointer);
            add(std::move(bound));
        }
    }

    void metrics() {
        for (std::size_t i = 0; i < scenario_.metrics.size(); ++i) {
            const model::Metric& metric = scenario_.metrics[i];
            const auto output = pipeline_.find(metric.output);
            if (!output) continue;
            auto group = std::find_if(experiment_.metric_groups.begin(),
                                      experiment_.metric_groups.end(), [&](const MetricGroup& g) {
                                          return g.output == *output && g.by == metric.by &&
                                                 g.measured == metric.measure.has_value();
                                      });
            if (group == experiment_.metric_groups.end()) {
                experiment_.metric_groups.push_back(
                    {*output, metric.by, {}, metric.measure.has_value()});
                group = std::prev(experiment_.metric_groups.end());
            }
            group->metrics.push_back(i);
        }
    }

  private:
    /// Whether replicates differ at any severity that the design may ask for. Setting the mapped
    /// parameter to both of its bounds also shows that they are within its range.
    bool draws_at_some_level(const plugin::Fault& fault,
                             const model::Perturbation& perturbation) const {
        const auto& design = scenario_.design;
        std::vector<double> levels = design.levels;
        // Other methods than these ask for severities in between as well; auto does for shares.
        const bool stated_or_full =
            design.method == "one_at_a_time" || design.method == "plackett_burman" ||
            design.method == "sequential_bifurcation" ||
            (design.method == "auto" && !design.method_stated && !design.budget);
        if (levels.empty() || !stated_or_full) levels.push_back(1);
        if (!stated_or_full) levels.push_back(0.5);
        bool draws = false;
        if (const auto& map = perturbation.severity) {
            for (const double bound : {map->from, map->to})
                draws = fault.with(map->param, bound).draws() || draws;
            for (const double level : levels)
                draws =
                    fault.with(map->param, map->from + (map->to - map->from) * level).draws_at(1) ||
                    draws;
        } else {
            for (const double level : levels) draws = draws || fault.draws_at(level);
        }
        return draws;
    }

    /// Whether a path leads from `first`, the first node that sees a fault, to what a metric reads,
    /// or to what a metric measures.
    bool reaches_metric(graph::NodeIndex first, bool measured = false) const {
        const auto below = experiment_.workflow.dag.descendants(first);
        return std::any_of(scenario_.metrics.begin(), scenario_.metrics.end(),
                           [&](const model::Metric& metric) {
                               const auto output = pipeline_.find(metric.output);
                               return output && below[*output] && (!measured || metric.measure);
                           });
    }

    /// A node is executed once for all who read it, and an execution that never ends needs somebody
    /// to end it.
    void check_execution(const plugin::Plugin& plugin, const model::Perturbation& perturbation,
                         graph::NodeIndex node) {
        if (!plugin.about().has_before_run) return;
        if (!perturbation.consumer.empty())
            problem(pointer_to(perturbation.pointer, "consumer"),
                    fmt::format("\"{}\" for {}, which acts on the node's execution",
                                perturbation.consumer, perturbation.plugin),
                    "no \"consumer\": the node runs once for all who read it");
        const auto& limits = scenario_.limits;
        if (plugin.about().hangs && !pipeline_.nodes[node].timeout && !limits.timeout &&
            !limits.deadline)
            problem(perturbation.pointer,
                    fmt::format("{}, with nothing that would ever end it", perturbation.plugin),
                    fmt::format("\"timeout\" or \"deadline\" in the scenario's limits, or "
                                "\"timeout\" of the node \"{}\"",
                                perturbation.node));
    }

    /// A condition must choose the same rows every time, and by what is in them alone.
    void check_where(const model::Perturbation& perturbation) {
        const auto where = perturbation.params.find("where");
        if (where == perturbation.params.end() || !where->is_string()) return;
        // No node bears such a name, so that every other one is read by a subquery.
        const std::string own = "__fl_relation";
        const auto statement = engine_.inspect("SELECT 1 FROM " + own + " WHERE (\n" +
                                               where->get<std::string>() + "\n)");
        const auto place = pointer_to(pointer_to(perturbation.pointer, "params"), "where");
        for (const auto& function : statement.functions)
            if (engine_.is_volatile(function) &&
                !(engine_.pins(function) && !pipeline_.now.empty()))
                problem(place, fmt::format("{}(), whose result moves by itself", function),
                        "a condition that chooses the same rows every time: \"fraction\" chooses "
                        "by chance, \"now\" in the pipeline pins the clock");
        const auto only = fmt::format(
            "a condition over the columns of {} alone: a \"where\" sees no other rows, so what "
            "decides has to be a column",
            perturbation.node);
        for (const auto& table : statement.tables)
            if (table != own) problem(place, fmt::format("a subquery that reads {}", table), only);
        for (const auto& function : statement.table_functions)
            if (!engine_.allows_table_function(function))
                problem(place, fmt::format("a subquery that reads {}()", function), only);
    }

    std::optional<graph::NodeIndex> consumer_of(const model::Perturbation& perturbation,
                                                graph::NodeIndex node) {
        if (perturbation.consumer.empty()) return std::nullopt;
        const auto consumer = pipeline_.find(perturbation.consumer);
        if (!consumer) return std::nullopt;  // reported by check_against
        const auto& readers = experiment_.workflow.dag.consumers(node);
        if (std::find(readers.begin(), readers.end(), *consumer) == readers.end()) {
            std::vector<std::string> names;
            for (const auto reader : readers) names.push_back(pipeline_.nodes[reader].name);
            problem(pointer_to(perturbation.pointer, "consumer"),
                    fmt::format("\"{}\", which does not read \"{}\"", perturbation.consumer,
                                perturbation.node),
                    "a node that reads it: " + listed(names));
        }
        return consumer;
    }

    void bind(const model::Check& check, graph::NodeIndex node) {
        BoundCheck bound;
        bound.id = check.id;
        bound.node = node;
        bound.pointer = check.pointer;
        if (check.expectation == model::Expectation::columns) {
            bound.contract =
                check.contract.empty() ? pipeline_.nodes[node].columns : check.contract;
            if (bound.contract.empty()) {
                problem(check.pointer,
                        fmt::format("a contract that neither the check nor the node \"{}\" states",
                                    check.node),
                        "\"contract\" in the check or \"columns\" in the node");
                return;
            }
            bound.contract_types = types_of(bound.contract, scenario_.file.string(),
                                            pointer_to(check.pointer, "contract"));
            bound.reads = {node};
            add(std::move(bound));
            return;
        }
        const auto to = check.to.empty() ? std::nullopt : pipeline_.find(check.to);
        if (!check.to.empty() && !to) return;  // reported by check_against
        bound.sql = failing_rows_sql(check, pipeline_.nodes[node].name,
                                     to ? pipeline_.nodes[*to].name : "", engine_.dialect());
        const engine::Statement statement = engine_.inspect(bound.sql);
        if (!statement.is_select || statement.count != 1) {
            problem(pointer_to(check.pointer, "sql"),
                    statement.error.empty() ? "no single SELECT"
                                            : "SQL that does not parse: " + statement.error,
                    "exactly one SELECT of the failing rows");
            return;
        }
        for (const auto& function : statement.table_functions)
            if (!engine_.allows_table_function(function))
                problem(pointer_to(check.pointer, "sql"),
                        fmt::format("the table function {}()", function),
                        "nodes, and table functions that reach nothing outside the pipeline");
        bound.reads = {node};
        for (const auto& table : statement.tables) {
            const auto found = pipeline_.find(table);
            if (!found) {
                problem(pointer_to(check.pointer, "sql"), fmt::format("the table \"{}\"", table),
                        "{node} or the name of a node",
                        nearest_name(table, pipeline_.node_names()));
            } else if (std::find(bound.reads.begin(), bound.reads.end(), *found) ==
                       bound.reads.end()) {
                bound.reads.push_back(*found);
            }
        }
        add(std::move(bound));
    }

    void add(BoundCheck bound) {
        for (const auto& other : experiment_.checks)
            if (other.id == bound.id)
                problem(bound.pointer, fmt::format("the check id \"{}\" a second time", bound.id),
                        "an id of its own");
        experiment_.checks.push_back(std::move(bound));
    }

    std::vector<std::string> types_of(const std::vector<model::ColumnSpec>& contract,
                                      const std::string& file, const std::string& pointer) {
        std::vector<std::string> types;
        for (const auto& column : contract) {
            std::string type;
            if (!column.type.empty()) {
                try {
                    type = connection_.describe("select cast(null as " + column.type + ") as c")
                               .front()
                               .type;
                } catch (const Error&) {
                    problems_.push_back({file,
                                         pointer_to(pointer, column.name),
                                         fmt::format("\"{}\"", column.type),
                                         "a type that " + engine_.version() + " knows",
                                         {}});
                }
            }
            types.push_back(std::move(type));
        }
        return types;
    }

    void problem(const std::string& pointer, const std::string& found, const std::string& expected,
                 const std::string& nearest = {}) {
        problems_.push_back({scenario_.file.string(), pointer, found, expected, nearest});
    }

    Experiment& experiment_;
    const model::Scenario& scenario_;
    const model::Pipeline& pipeline_;
    const plugin::Registry& registry_;
    const engine::SqlEngine& engine_;
    engine::Connection& connection_;
    std::vector<Problem>& problems_;
};

std::vector<std::string> warnings_about(const Experiment& experiment) {
    std::vector<std::string> warnings;
    const Workflow& workflow = experiment.workflow;
    for (std::size_t i = 0; i < workflow.unpinned.size(); ++i)
        for (const auto& function : workflow.unpinned[i])
            warnings.push_back(fmt::format(
                "node \"{}\" calls {}, whose result moves by itself{}",
                workflow.pipeline.nodes[i].name, function,
                workflow.pipeline.now.empty() ? "; \"now\" in the pipeline pins the clock" : ""));
    return warnings;
}

}  // namespace

Experiment load_experiment(const std::filesystem::path& scenario_file,
                           const plugin::Registry& registry, std::optional<std::uint64_t> seed) {
    model::Scenario scenario = model::read_scenario(scenario_file);
    if (seed) scenario.seed = *seed;
    if (!scenario.design.seed) scenario.design.seed = scenario.seed;
    model::Pipeline pipeline =
        model::read_pipeline((scenario.folder / scenario.pipeline).lexically_normal());

    engine::EngineOptions options;
    options.now = pipeline.now;
    const auto engine = engine::open_duckdb(options);
    const auto connection = engine->connect();

    // The graph must stand before anything can be bound to it; what else is wrong is gathered.
    std::vector<Problem> problems;
    try {
        model::check_against(scenario, pipeline);
    } catch (const Error& error) {
        keep_problems(problems, error, scenario.file.string(), "");
    }
    std::optional<Workflow> workflow;
    try {
        workflow = make_workflow(std::move(pipeline), *engine);
    } catch (const Error& error) {
        keep_problems(problems, error, scenario.pipeline, "");
        throw Error(std::move(problems));
    }
    Experiment experiment{std::move(scenario), std::move(*workflow), {}, {}, {}, {}, {}, {}, {}};
    Binder binder(experiment, registry, *engine, *connection, problems);
    binder.perturbations();
    binder.checks();
    binder.metrics();
    try {
        (void)design::make_design(experiment.scenario.design, experiment.factors,
                                  experiment.scenario.file.string());
    } catch (const Error& error) {
        keep_problems(problems, error, experiment.scenario.file.string(), "/design");
    }
    if (!problems.empty()) throw Error(std::move(problems));
    experiment.warnings = warnings_about(experiment);
    return experiment;
}

}  // namespace faultline::run
