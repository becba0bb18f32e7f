#include "run/parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "run/profiled_run.h"

namespace faultline::run {
namespace {

/// Drops what it was given when it goes.
class Tables {
  public:
    Tables(engine::Connection& connection, const engine::Dialect& dialect)
        : connection_(connection), dialect_(dialect) {}
    ~Tables() {
        try {
            connection_.stop_when({});
            for (const auto& table : made_) connection_.execute(dialect_.drop_table(table));
        } catch (const Error&) {
            // Costs memory, never a result: the names are not used again.
        }
    }
    Tables(const Tables&) = delete;
    Tables& operator=(const Tables&) = delete;
    void make(const std::string& table, const std::string& select) {
        connection_.execute(dialect_.create_table_as(table, select));
        made_.push_back(table);
    }

  private:
    engine::Connection& connection_;
    const engine::Dialect& dialect_;
    std::vector<std::string> made_;
};

}  // namespace

Parts::Parts(const Experiment& experiment, const BaseRun& base)
    : experiment_(experiment), base_(base) {
    const auto connection = base.engine().connect();
    cut_batches(*connection);
    if (cuts_.empty()) cut_rows();
}

void Parts::cut_batches(engine::Connection& connection) {
    const auto& nodes = experiment_.workflow.pipeline.nodes;
    const engine::Dialect& dialect = base_.engine().dialect();
    std::map<engine::TypeFamily, std::vector<std::string>> bounds;
    for (NodeIndex node = 0; node < nodes.size(); ++node) {
        if (nodes[node].kind != model::NodeKind::source || nodes[node].batch.empty()) continue;
        if (!base_.needed()[node]) continue;
        const auto& columns = base_.columns(node);
        const auto column =
            std::find_if(columns.begin(), columns.end(), [&](const auto& candidate) {
                return dialect.quote(candidate.name) == dialect.quote(nodes[node].batch);
            });
        if (column == columns.end()) continue;
        const std::string name = dialect.quote(column->name);
        // The first source with batches of a type sets the bounds for all of that type: the same
        // stretch of time is missing everywhere.
        if (!bounds.contains(column->family)) {
            const std::string& select = base_.relations().select(base_.plan().result(node));
            const auto rows = connection.query(fmt::format(
                "SELECT {0} FROM (SELECT b, ntile({1}) OVER (ORDER BY b) AS part FROM (SELECT "
                "DISTINCT {2} AS b FROM ({3}) AS relation WHERE {2} IS NOT NULL)) GROUP BY part "
                "ORDER BY part",
                dialect.cast("min(b)", dialect.type_for(engine::TypeFamily::text)), most, name,
                select));
            if (rows.rows.size() < 4) continue;  // too few to tell anything from
            auto& from = bounds[column->family];
            for (std::size_t part = 1; part < rows.rows.size(); ++part)
                from.push_back(std::get<std::string>(rows.rows[part].at(0)));
        }
        cuts_[node] = {name, column->type, bounds.at(column->family)};
        // The latest stretch stays: data that end early are a fault themselves, so that numbers
        // move more without it than they do by themselves.
        size_ = std::max(size_, cuts_[node].from.size());
    }
}

void Parts::cut_rows() {
    const auto& nodes = experiment_.workflow.pipeline.nodes;
    const engine::Dialect& dialect = base_.engine().dialect();
    std::optional<NodeIndex> largest;
    for (NodeIndex node = 0; node < nodes.size(); ++node)
        if (nodes[node].kind == model::NodeKind::source && base_.needed()[node] &&
            !nodes[node].key.empty() && (!largest || base_.bytes(node) > base_.bytes(*largest)))
            largest = node;
    if (!largest) return;
    std::string key;
    for (const auto& name : nodes[*largest].key)
        key += (key.empty() ? "" : " || '/' || ") +
               dialect.cast(dialect.quote(name), dialect.type_for(engine::TypeFamily::text));
    hashes_[*largest] = dialect.hash_text(key);
    size_ = most;
}

std::string Parts::belongs(NodeIndex node, std::size_t part) const {
    const engine::Dialect& dialect = base_.engine().dialect();
    if (const auto hash = hashes_.find(node); hash != hashes_.end())
        return fmt::format("{} % {} = {}", hash->second, most, part);
    const auto found = cuts_.find(node);
    if (found == cuts_.end() || part > found->second.from.size()) return {};
    const Cut& cut = found->second;
    const auto bound = [&](std::size_t i) {
        return dialect.cast(dialect.literal(cut.from[i]), cut.type);
    };
    std::string text;
    if (part > 0) text = cut.column + " >= " + bound(part - 1);
    if (part < cut.from.size())
        text += (text.empty() ? "" : " AND ") + cut.column + " < " + bound(part);
    return text;
}

journal::Profile Parts::without(std::size_t part, engine::Connection& connection,
                                const Profiler& profiler) const {
    const Workflow& workflow = experiment_.workflow;
    const engine::Dialect& dialect = base_.engine().dialect();
    const TrialPlan& plan = base_.plan();
    Relations relations(&base_.relations());
    Tables tables(connection, dialect);
    std::vector<bool> differs(workflow.pipeline.nodes.size(), false);
    journal::Profile profile;
    profile.without = part;
    const auto select_of = [&](NodeIndex node) { return relations.select(plan.result(node)); };
    for (const NodeIndex node : workflow.dag.order()) {
        if (!base_.needed()[node]) continue;
        const std::string& address = plan.result(node);
        if (workflow.pipeline.nodes[node].kind == model::NodeKind::source) {
            const std::string condition = belongs(node, part);
            if (!condition.empty())
                relations.set(address,
                              fmt::format("{} WHERE ({}) IS NOT TRUE", select_of(node), condition));
            differs[node] = !condition.empty();
        } else {
            const auto& inputs = workflow.dag.inputs(node);
            differs[node] = std::any_of(inputs.begin(), inputs.end(),
                                        [&](NodeIndex input) { return differs[input]; });
            if (!differs[node]) continue;
            const std::string table = dialect.store(fmt::format("{}/without/{}", address, part));
            tables.make(table, step_sql(experiment_, node, plan, relations, dialect));
            relations.set(address, "SELECT * FROM " + table);
        }
    }
    ProfiledRun run(profiler, connection, select_of);
    run.only_what_moves();
    for (const NodeIndex node : workflow.dag.order())
        if (differs[node] && profiler.covers(node))
            profile.nodes.push_back(run.measure(node, select_of(node)));
    return profile;
}

}  // namespace faultline::run
