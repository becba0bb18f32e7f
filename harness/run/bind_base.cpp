#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include "core/error.h"
#include "core/json_pointer.h"
#include "model/names.h"
#include "run/base_run.h"

namespace faultline::run {
namespace {

/// No rows of these columns, by their names and types: to bind against, it is as good as a table
/// and costs no statement. Nullopt where a type's name may not mean it (NULL by itself, quoted
/// names within it) or a column's name stands twice.
std::optional<std::string> no_rows(const engine::Dialect& dialect, const engine::Schema& columns) {
    std::string list;
    std::set<std::string> names;
    for (const auto& column : columns) {
        const bool plain = std::all_of(column.type.begin(), column.type.end(), [](unsigned char c) {
            return std::isalnum(c) != 0 || c == ' ' || c == '(' || c == ')' || c == ',' || c == '_';
        });
        if (!plain || column.type.find("NULL") != std::string::npos || column.name.empty() ||
            !names.insert(model::fold_case(column.name)).second)
            return std::nullopt;
        list += (list.empty() ? "" : ", ") + dialect.cast("NULL", column.type) + " AS " +
                dialect.quote(column.name);
    }
    return "SELECT " + list + " WHERE false";
}

}  // namespace

void BaseRun::bind_steps(std::vector<Problem>& problems) {
    const Workflow& workflow = experiment_.workflow;
    const engine::Dialect& dialect = engine_->dialect();
    for (const NodeIndex node : workflow.dag.order()) {
        if (workflow.pipeline.nodes[node].kind == model::NodeKind::source) continue;
        bool ready = true;
        late_[node] = workflow.pipeline.nodes[node].kind == model::NodeKind::command;
        for (const NodeIndex input : workflow.dag.inputs(node)) {
            ready = ready && schemas_.has(plan_.result(input));
            late_[node] = late_[node] || late_[input];
        }
        if (late_[node]) continue;
        if (!ready) continue;  // an input has its own problem, already reported
        const std::string& address = plan_.result(node);
        const std::string table = dialect.store(address + "/columns");
        try {
            const std::string select = step_sql(experiment_, node, plan_, schemas_, dialect);
            columns_[node] = connection_->describe(select);
            for (const auto& column : columns_[node])
                if (column.name.starts_with("__fl_"))
                    problems.push_back({workflow.pipeline.file.string(),
                                        pointer_to(workflow.pipeline.nodes[node].pointer, "sql"),
                                        fmt::format("the column \"{}\"", column.name),
                                        "names that do not begin with __fl_",
                                        {}});
            if (schemas_.has(address)) continue;
            if (auto rows = no_rows(dialect, columns_[node])) {
                schemas_.set(address, std::move(*rows));
            } else {
                connection_->execute(dialect.create_table_as(table, select + " LIMIT 0"));
                schemas_.set(address, "SELECT * FROM " + table);
            }
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::data) throw;
            problems.push_back({workflow.pipeline.file.string(),
                                pointer_to(workflow.pipeline.nodes[node].pointer, "sql"),
                                std::string("SQL that the engine refuses: ") + error.what(),
                                "a SELECT over its inputs",
                                {}});
        }
    }
}

void BaseRun::bind_questions(std::vector<Problem>& problems) {
    const engine::Dialect& dialect = engine_->dialect();
    const std::string file = experiment_.scenario.file.string();
    const auto describe = [&](const std::vector<NodeIndex>& reads, const std::string& body,
                              const std::string& pointer, const char* expected) {
        if (!is_due(reads)) return;
        try {
            connection_->describe(question_sql(experiment_, reads, body, plan_, schemas_, dialect));
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::data) throw;
            problems.push_back({file,
                                pointer,
                                std::string("SQL that the engine refuses: ") + error.what(),
                                expected,
                                {}});
        }
    };
    for (const auto& group : experiment_.metric_groups)
        for (const std::size_t metric : group.metrics) {
            if (group.measured) continue;
            const MetricGroup alone{group.output, group.by, {metric}};
            describe({group.output}, metrics_sql(experiment_, alone, dialect),
                     pointer_to(experiment_.scenario.metrics[metric].pointer, "sql"),
                     "an aggregate over the output's columns that gives one number");
        }
    for (const auto& check : experiment_.checks)
        if (!check.sql.empty())
            describe(check.reads, check_sql(check), check.pointer,
                     "a check that runs on the unperturbed data");
}

void BaseRun::bind_declarations(std::vector<Problem>& problems) {
    const model::Pipeline& pipeline = experiment_.workflow.pipeline;
    const auto must_have = [&](NodeIndex node, const std::string& column, const std::string& file,
                               const std::string& pointer) {
        if (!is_due({node})) return;
        std::vector<std::string> names;
        for (const auto& known : columns_[node]) {
            if (model::same_folded(known.name, column)) return;
            names.push_back(known.name);
        }
        problems.push_back({file, pointer, fmt::format("\"{}\"", column),
                            fmt::format("a column of \"{}\": {}", pipeline.nodes[node].name,
                                        fmt::join(names, ", ")),
                            nearest_name(column, names)});
    };
    for (NodeIndex node = 0; node < columns_.size(); ++node) {
        const model::Node& about = pipeline.nodes[node];
        for (const auto& column : about.key)
            must_have(node, column, pipeline.file.string(), pointer_to(about.pointer, "key"));
        if (!about.batch.empty())
            must_have(node, about.batch, pipeline.file.string(),
                      pointer_to(about.pointer, "batch"));
    }
    const std::string file = experiment_.scenario.file.string();
    for (const auto& group : experiment_.metric_groups)
        for (const std::size_t metric : group.metrics)
            for (const auto& column : group.by)
                must_have(group.output, column, file,
                          pointer_to(experiment_.scenario.metrics[metric].pointer, "by"));
    for (const auto& check : experiment_.scenario.checks) {
        const auto node = pipeline.find(check.node);
        for (const auto& column : check.columns)
            if (node) must_have(*node, column, file, pointer_to(check.pointer, "columns"));
        const auto to = check.to.empty() ? std::nullopt : pipeline.find(check.to);
        if (to) must_have(*to, check.field, file, pointer_to(check.pointer, "field"));
    }
}

std::string BaseRun::measurable(NodeIndex node) const {
    // A source is read by now, and what a parameter says of its values can be held against them:
    // a class that no row has, a weight that is never positive.
    const std::string& address = plan_.result(node);
    if (!relations_.has(address)) return {};
    const std::string relation = fmt::format("({}) AS measured", relations_.select(address));
    constexpr std::int64_t most_rows = 1000000;  // more would make a wait of it
    const auto rows = connection_->query("SELECT count(*) FROM " + relation);
    return std::get<std::int64_t>(rows.rows.at(0).at(0)) > most_rows ? "" : relation;
}

void BaseRun::bind_perturbations(std::vector<Problem>& problems) {
    const engine::Dialect& dialect = engine_->dialect();
    const std::string keyed = dialect.store("/keyed");
    for (std::size_t i = 0; i < experiment_.faults.size(); ++i) {
        const NodeIndex node = experiment_.sites[i];
        if (!is_due({node})) continue;
        if (experiment_.faults[i].plugin().about().has_file) {
            bind_files(i, problems);
            continue;
        }
        const std::string empty = fmt::format("({}) AS site", schemas_.select(plan_.result(node)));
        const plugin::Site site = site_of(experiment_, node, empty, columns_[node]);
        const std::size_t before = problems.size();
        plugin::check_fits(experiment_.faults[i], site, problems);
        if (problems.size() != before) continue;
        if (!experiment_.faults[i].plugin().about().acts_on_rows()) continue;
        // Applied once to no rows: what the plugin itself refuses, and SQL that does not bind.
        plugin::Measures measures;
        const auto& map = experiment_.scenario.perturbations[i].severity;
        const plugin::Fault fault =
            map ? experiment_.faults[i].with(map->param, map->to) : experiment_.faults[i];
        std::vector<std::string> made;
        unsigned scratch = 0;
        try {
            plugin::KeyedSite nothing = plugin::make_keyed_site(*connection_, dialect, site, keyed);
            nothing.measured = measurable(node);
            made.push_back(keyed);
            const plugin::Perturbed perturbed = plugin::perturb(
                *connection_, dialect, nothing, {{&fault, 1, 0}}, measures,
                [&] { return dialect.store(fmt::format("/scratch/{}", scratch++)); },
                options_.stop);
            made.insert(made.end(), perturbed.made.begin(), perturbed.made.end());
        } catch (const Error& error) {
            // A plugin that fails on no rows may yet work on some: that is for the trials to show.
            if (error.kind() == ErrorKind::user) {
                if (error.problems().empty())
                    problems.push_back(
                        {experiment_.scenario.file.string(),
                         pointer_to(experiment_.scenario.perturbations[i].pointer, "params"),
                         error.what(),
                         "parameters that fit the node",
                         {}});
                problems.insert(problems.end(), error.problems().begin(), error.problems().end());
            } else if (error.kind() != ErrorKind::plugin && error.kind() != ErrorKind::data) {
                throw;
            }
        }
        for (const auto& table : made) connection_->execute(dialect.drop_table(table));
    }
}

}  // namespace faultline::run
