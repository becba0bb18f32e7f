#include "run/profiler.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "model/names.h"
#include "run/profiled_run.h"

namespace faultline::run {
namespace {

using engine::TypeFamily;

}  // namespace

std::vector<bool> nodes_to_profile(const Experiment& experiment, const BaseRun& base) {
    std::vector<bool> reached(base.needed().size(), false);
    for (const NodeIndex site : experiment.sites) {
        const auto below = experiment.workflow.dag.descendants(site);
        for (NodeIndex node = 0; node < below.size(); ++node)
            reached[node] = reached[node] || below[node];
    }
    for (NodeIndex node = 0; node < reached.size(); ++node)
        reached[node] = reached[node] && base.needed()[node];
    return reached;
}

Profiler::Profiler(const Experiment& experiment, const BaseRun& base, const StopFlag* stop)
    : experiment_(experiment), base_(base) {
    for (const auto& node : experiment.workflow.pipeline.nodes)
        for (const auto& column : node.key) identifiers_.insert(model::fold_case(column));
    const auto covered = nodes_to_profile(experiment, base);
    const auto connection = base.engine().connect();
    connection->stop_when({std::nullopt, stop});
    ProfiledRun run(*this, *connection, [&](NodeIndex node) { return base_select(node); });
    for (const NodeIndex node : experiment.workflow.dag.order())
        if (covered[node]) look_at(*connection, run, node);
    facts_.keep(run.facts());
    find_twins();
}

const std::string& Profiler::base_select(NodeIndex node) const {
    return base_.relations().select(base_.plan().result(node));
}

void Profiler::look_at(engine::Connection& connection, ProfiledRun& run, NodeIndex node) {
    const model::Node& about = experiment_.workflow.pipeline.nodes[node];
    const engine::Dialect& dialect = base_.engine().dialect();
    const std::string& select = base_select(node);
    constexpr double keys_up_to = 5'000'000;
    NodeQuestions asked;
    asked.rows =
        number_of(connection.query(fmt::format("SELECT count(*) FROM ({}) AS counted", select))
                      .rows.at(0)
                      .at(0))
            .value_or(0);
    asked.columns = base_.columns(node);
    if (asked.columns.size() > most_columns) {
        asked.left_out = asked.columns.size() - most_columns;
        asked.columns.resize(most_columns);
    }
    // A key that has a NULL in it is none; not_null is the guard for that.
    const bool has_key =
        !about.key.empty() && asked.rows <= keys_up_to &&
        std::all_of(about.key.begin(), about.key.end(), [&](const auto& name) {
            return find_column(base_.columns(node), name) != NodeQuestions::of_relation;
        });
    const std::string keys = has_key ? ask_about_key(dialect, about.key, asked) : "";
    std::vector<std::vector<std::string>> values(asked.columns.size());
    for (std::size_t c = 0; c < asked.columns.size(); ++c) {
        const engine::Column& column = asked.columns[c];
        ask_about_column(connection, dialect, select, c,
                         identifiers_.contains(model::fold_case(column.name)), asked);
        if (column.family != TypeFamily::text) continue;
        values[c] = few_values(connection, select, column, asked.rows);
        if (values[c].empty()) continue;
        std::string list;
        for (const auto& value : values[c])
            list += (list.empty() ? "" : ", ") + dialect.literal(value);
        asked.aggregates.push_back({c, "unknown",
                                    fmt::format("count(CASE WHEN {} NOT IN ({}) THEN 1 END)",
                                                dialect.quote(column.name), list),
                                    list});
    }
    refer(node, asked);
    asked.twins.assign(asked.columns.size(), false);
    const auto place = asked_.emplace(node, std::move(asked)).first;

    journal::NodeProfile profile = run.measure_base(node, place->second);
    forget_broken_references(node, profile);

    profile.sql["rows"] = "count(*)";
    if (has_key) profile.sql["keys"] = keys;
    for (std::size_t c = 0; c < place->second.columns.size(); ++c) {
        const engine::Column& column = place->second.columns[c];
        profile.columns[c].values = std::move(values[c]);
        profile.columns[c].sql =
            checks_of_column(dialect, column, identifiers_.contains(model::fold_case(column.name)));
    }
    profile_.nodes.push_back(std::move(profile));
}

/// The different values of a text column that has few, each of which occurs several times over:
/// categories, not names.
std::vector<std::string> Profiler::few_values(engine::Connection& connection,
                                              const std::string& select,
                                              const engine::Column& column, double rows) const {
    constexpr std::size_t most = 40, longest = 64;
    const auto name = base_.engine().dialect().quote(column.name);
    std::vector<std::string> values;
    try {
        const auto found = connection.query(fmt::format(
            "SELECT DISTINCT {0} FROM ({1}) AS relation WHERE {0} IS NOT NULL LIMIT {2}", name,
            select, most + 1));
        if (found.rows.size() > most || rows < 3 * static_cast<double>(found.rows.size()))
            return {};
        for (const auto& row : found.rows) {
            const auto* text = std::get_if<std::string>(&row.at(0));
            if (text == nullptr || text->size() > longest) return {};
            values.push_back(*text);
        }
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::data) throw;
        return {};
    }
    std::sort(values.begin(), values.end());
    return values;
}

/// Columns that bear the name of another node's key, all of whose values that node holds.
void Profiler::refer(NodeIndex node, NodeQuestions& asked) const {
    const auto& nodes = experiment_.workflow.pipeline.nodes;
    for (std::size_t c = 0; c < asked.columns.size(); ++c) {
        std::size_t found = 0;
        // Nearest to where the data come from first: sources hold what is known to exist.
        for (const NodeIndex other : experiment_.workflow.dag.order()) {
            if (other == node || !base_.needed()[other] || nodes[other].key.size() != 1) continue;
            if (!model::same_folded(nodes[other].key.front(), asked.columns[c].name)) continue;
            const auto at = find_column(base_.columns(other), nodes[other].key.front());
            if (at == NodeQuestions::of_relation ||
                base_.columns(other)[at].family != asked.columns[c].family)
                continue;
            const std::string& field = base_.columns(other)[at].name;
            asked.references.push_back(
                {c, other, "orphans:" + nodes[other].name + "." + field, field});
            if (++found == 2) break;
        }
    }
}

void Profiler::forget_broken_references(NodeIndex node, journal::NodeProfile& profile) {
    std::erase_if(asked_.at(node).references, [&](const NodeQuestions::Reference& reference) {
        auto& numbers = profile.columns[reference.column].numbers;
        const auto orphans = numbers.find(reference.name);
        if (orphans != numbers.end() && orphans->second == 0) return false;
        if (orphans != numbers.end()) numbers.erase(orphans);
        return true;
    });
}

void Profiler::find_twins() {
    std::map<std::string, std::size_t> holders;
    for (const auto& [node, asked] : asked_)
        for (const auto& print : asked.prints) ++holders[print];
    for (auto& [node, asked] : asked_)
        for (std::size_t c = 0; c < asked.prints.size(); ++c)
            asked.twins[c] = holders.at(asked.prints[c]) > 1;
}

}  // namespace faultline::run
