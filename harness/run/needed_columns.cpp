#include "run/needed_columns.h"

#include <fmt/format.h>

#include "engine/column_reads.h"

namespace faultline::run {
namespace {

/// What is known to be read of a node; nullopt: all of it.
using Read = std::optional<std::set<std::string>>;

}  // namespace

NeededColumns::NeededColumns(const Experiment& experiment, const std::vector<bool>& needed,
                             const std::vector<engine::Schema>& columns,
                             const engine::Dialect& dialect)
    : kept_(columns.size()) {
    const Workflow& workflow = experiment.workflow;
    const auto& nodes = workflow.pipeline.nodes;
    engine::ColumnReads reads(workflow.pipeline.now);
    std::vector<Read> read(columns.size(), std::set<std::string>{});
    for (const NodeIndex site : experiment.sites) read[site] = std::nullopt;
    const auto follow = [&](const std::string& select, const std::vector<NodeIndex>& inputs) {
        engine::ColumnReads::Relations relations;
        for (const NodeIndex input : inputs) relations[nodes[input].name] = columns[input];
        const auto found = reads.of(select, relations);
        for (const NodeIndex input : inputs) {
            if (!found) read[input] = std::nullopt;
            if (!read[input]) continue;
            if (const auto of = found->find(nodes[input].name); of != found->end())
                read[input]->insert(of->second.begin(), of->second.end());
        }
    };
    for (const auto& group : experiment.metric_groups)
        if (!group.measured) follow(metrics_sql(experiment, group, dialect), {group.output});
    for (const auto& check : experiment.checks)
        if (check.contract.empty()) follow(check_sql(check), check.reads);

    const auto list = [&](NodeIndex node, const char* none) {
        std::string names;
        for (const auto& column : columns[node])
            if (read[node]->contains(column.name))
                names += (names.empty() ? "" : ", ") + dialect.quote(column.name);
        return names.empty() ? std::string(none) : names;
    };
    const auto& order = workflow.dag.order();
    for (auto at = order.rbegin(); at != order.rend(); ++at) {
        const NodeIndex node = *at;
        // What a program reads of its files nobody can tell.
        if (needed[node] && nodes[node].kind == model::NodeKind::command)
            for (const NodeIndex input : workflow.dag.inputs(node)) read[input] = std::nullopt;
        if (!needed[node] || nodes[node].kind != model::NodeKind::sql) continue;
        if (read[node]) {
            // What a step computes it goes on computing: an error in it is an error of the step.
            const auto plain = reads.handed_on(workflow.text[node], columns[node]);
            for (const auto& column : columns[node])
                if (!plain.contains(column.name)) read[node]->insert(column.name);
        }
        const bool all = !read[node] || read[node]->size() == columns[node].size();
        follow(fmt::format("SELECT {} FROM ({}\n)", all ? "*" : list(node, "count(*)"),
                           workflow.text[node]),
               workflow.dag.inputs(node));
        if (all) continue;
        Kept kept{list(node, "1 AS \"__fl_row\""), {}};
        for (const auto& column : columns[node]) {
            const std::string name = dialect.quote(column.name);
            kept.wide += kept.wide.empty() ? "" : ", ";
            kept.wide += read[node]->contains(column.name)
                             ? name
                             : dialect.cast("NULL", column.type) + " AS " + name;
        }
        kept_[node] = std::move(kept);
    }
}

std::string NeededColumns::narrowed(NodeIndex node, const std::string& select) const {
    return fmt::format("SELECT {} FROM ({}) AS narrowed", kept_[node]->narrow, select);
}

std::string NeededColumns::widened(NodeIndex node, const std::string& from) const {
    return fmt::format("SELECT {} FROM {}", kept_[node]->wide, from);
}

}  // namespace faultline::run
