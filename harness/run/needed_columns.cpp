#include "run/needed_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/column_reads.h"

namespace faultline::run {
namespace {

/// What is known to be read of a node; nullopt: all of it.
using Read = std::optional<std::set<std::string>>;

}  // namespace

NeededColumns::NeededColumns(const Experiment& experiment, const std::vector<bool>& needed,
                             const std::vector<engine::Schema>& columns,
                             const engine::Dialect& dialect, const std::vector<bool>& unsteady)
    : kept_(columns.size()) {
    const Workflow& workflow = experiment.workflow;
    const auto& nodes = workflow.pipeline.nodes;
    engine::ColumnReads reads(workflow.pipeline.now);
    std::vector<Read> read(columns.size(), std::set<std::string>{});
    for (const NodeIndex site : experiment.sites) read[site] = std::nullopt;
    // Steps that say the same of the same share what is held on to, whoever asks for what of it;
    // and what has other columns cannot be given those of the base again.
    std::map<std::pair<std::string, std::vector<NodeIndex>>, NodeIndex> first_to_say;
    for (NodeIndex node = 0; node < nodes.size(); ++node) {
        if (unsteady[node]) read[node] = std::nullopt;
        if (nodes[node].kind != model::NodeKind::sql) continue;
        const auto [first, is_new] =
            first_to_say.emplace(std::pair(workflow.text[node], workflow.dag.inputs(node)), node);
        if (!is_new) read[node] = read[first->second] = std::nullopt;
    }
    const auto follow = [&](const std::string& select, const std::vector<NodeIndex>& inputs) {
        engine::ColumnReads::Relations relations;
        for (const NodeIndex input : inputs) relations[nodes[input].name] = columns[input];
        // Over other columns the same words may mean others.
        const bool steady = std::none_of(inputs.begin(), inputs.end(),
                                         [&](NodeIndex input) { return unsteady[input]; });
        const auto found = steady ? reads.of(select, relations) : std::nullopt;
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
        Kept kept{list(node, "1 AS \"__fl_row\""), {}, *read[node]};
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

engine::Schema NeededColumns::of(NodeIndex node, const engine::Schema& columns) const {
    if (!narrows(node)) return columns;
    engine::Schema some;
    for (const auto& column : columns)
        if (kept_[node]->names.contains(column.name)) some.push_back(column);
    return some;
}

std::string NeededColumns::narrowed(NodeIndex node, const std::string& select) const {
    return fmt::format("SELECT {} FROM ({}) AS narrowed", kept_[node]->narrow, select);
}

std::string NeededColumns::widened(NodeIndex node, const std::string& from) const {
    return fmt::format("SELECT {} FROM {}", kept_[node]->wide, from);
}

std::vector<bool> unsteady_nodes(const Experiment& experiment, bool counted) {
    const Workflow& workflow = experiment.workflow;
    const auto& nodes = workflow.pipeline.nodes;
    std::vector<bool> unsteady(nodes.size(), false);
    for (NodeIndex node = 0; node < nodes.size(); ++node)
        unsteady[node] = nodes[node].kind == model::NodeKind::command;
    for (std::size_t i = 0; counted && i < experiment.faults.size(); ++i) {
        const auto& about = experiment.faults[i].plugin().about();
        if (!about.keeps_schema || about.has_file) unsteady[experiment.sites[i]] = true;
    }
    for (const NodeIndex node : workflow.dag.order())
        for (const NodeIndex input : workflow.dag.inputs(node))
            if (unsteady[input]) unsteady[node] = true;
    return unsteady;
}

}  // namespace faultline::run
