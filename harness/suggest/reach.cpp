#include "suggest/reach.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

#include "core/error.h"
#include "run/column_lineage.h"
#include "run/own_folder.h"

namespace faultline::suggest {
namespace {

using graph::NodeIndex;

/// A fault that any column takes, and that leaves rows, order and schema alone.
constexpr const char* of_any_column = "nulls";

struct Column {
    NodeIndex node;
    std::string name;
};

/// The scenario whose n-th fault is of the n-th column alone.
Json probe(const run::Experiment& experiment, const std::vector<Column>& columns,
           const std::vector<Item>& metrics, const std::vector<Item>& checks) {
    const auto& pipeline = experiment.workflow.pipeline;
    Json document{{"faultline", "scenario/1"},
                  {"pipeline", std::filesystem::absolute(pipeline.file).generic_string()},
                  {"perturbations", Json::array()},
                  {"metrics", Json::array()},
                  {"checks", Json::array()},
                  {"design", {{"method", "one_at_a_time"}}}};
    for (std::size_t i = 0; i < columns.size(); ++i)
        document["perturbations"].push_back({{"id", "column-" + std::to_string(i)},
                                             {"node", pipeline.nodes[columns[i].node].name},
                                             {"plugin", of_any_column},
                                             {"params", {{"columns", {columns[i].name}}}}});
    for (const auto& metric : metrics) document["metrics"].push_back(metric.body);
    for (const auto& check : checks) document["checks"].push_back(check.body);
    return document;
}

bool is_seen(const run::Experiment& experiment, const run::ColumnLineage& lineage,
             std::size_t fault) {
    const auto& dag = experiment.workflow.dag;
    run::ColumnLineage::Arriving changed;
    changed[experiment.sites[fault]] = lineage.by_fault(fault);
    for (const NodeIndex node : dag.order()) {
        if (changed.contains(node)) continue;
        run::ColumnLineage::Arriving arriving;
        for (const NodeIndex input : dag.inputs(node)) {
            const auto at = changed.find(input);
            if (at != changed.end() && lineage.reads(node, input, at->second)) arriving.insert(*at);
        }
        if (!arriving.empty()) changed[node] = lineage.of_step(node, arriving);
    }
    const auto& groups = experiment.metric_groups;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        const auto at = changed.find(groups[g].output);
        if (at != changed.end() && lineage.metrics_see(g, at->second)) return true;
    }
    for (std::size_t c = 0; c < experiment.checks.size(); ++c)
        for (const auto& [node, change] : changed)
            if (lineage.check_sees(c, node, change)) return true;
    return false;
}

}  // namespace

std::map<NodeIndex, std::set<std::string>> unseen_columns(const run::Experiment& experiment,
                                                          const run::BaseRun& base,
                                                          const plugin::Registry& registry,
                                                          const std::vector<Subject>& subjects,
                                                          const std::vector<Item>& metrics,
                                                          const std::vector<Item>& checks) {
    std::map<NodeIndex, std::set<std::string>> unseen;
    std::vector<Column> columns;
    for (const auto& subject : subjects)
        for (const auto& column : subject.profile.columns)
            columns.push_back({subject.node, column.column.name});
    if (columns.empty() || metrics.empty() || registry.find(of_any_column) == nullptr)
        return unseen;

    const run::OwnFolder folder;
    const auto file = folder.path() / "scenario.json";
    std::ofstream(file) << probe(experiment, columns, metrics, checks);
    const auto probed = run::load_experiment(file, registry, {});
    std::vector<engine::Schema> schemas;
    for (NodeIndex node = 0; node < probed.workflow.pipeline.nodes.size(); ++node)
        schemas.push_back(base.columns(node));
    const run::ColumnLineage lineage(probed, std::vector<bool>(schemas.size(), true), schemas,
                                     std::vector<bool>(schemas.size(), false),
                                     base.engine().dialect());
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (!is_seen(probed, lineage, i)) unseen[columns[i].node].insert(columns[i].name);
    return unseen;
}

}  // namespace faultline::suggest
