#include "run/column_lineage.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/column_reads.h"
#include "plugin/targets.h"
#include "run/questions.h"

namespace faultline::run {
namespace {

using graph::NodeIndex;
using Names = std::set<std::string>;

bool meet(const Names& a, const Names& b) {
    return std::any_of(a.begin(), a.end(), [&](const auto& name) { return b.contains(name); });
}

/// What a fault is bound to leave alone is everything but these; nullopt: nothing.
std::optional<Names> targets_of(const plugin::Fault& fault, const engine::Schema& columns) {
    const auto& about = fault.plugin().about();
    if (!about.acts_on_rows() || about.has_file || about.has_before_run) return std::nullopt;
    if (!about.keeps_schema || !about.keeps_rows || !about.keeps_order) return std::nullopt;
    std::vector<Problem> problems;
    Names names;
    for (const auto at : plugin::targets_of(fault, columns, problems))
        names.insert(columns[at].name);
    if (names.empty() || !problems.empty()) return std::nullopt;
    return names;
}

}  // namespace

void ChangedColumns::add(const ChangedColumns& other) {
    all = all || other.all;
    if (all)
        columns.clear();
    else
        columns.insert(other.columns.begin(), other.columns.end());
}

/// Asks the planner.
class ColumnLineage::Maker {
  public:
    Maker(ColumnLineage& out, const Experiment& experiment, const std::vector<bool>& needed,
          const std::vector<engine::Schema>& columns, const std::vector<bool>& timed,
          const engine::Dialect& dialect)
        : out_(out),
          experiment_(experiment),
          workflow_(experiment.workflow),
          needed_(needed),
          columns_(columns),
          timed_(timed),
          dialect_(dialect),
          reads_(workflow_.pipeline.now) {}

    /// Follows one fault down the DAG.
    void follow(std::size_t perturbation) {
        std::map<NodeIndex, ChangedColumns> changed;
        changed[experiment_.sites[perturbation]] = out_.by_fault(perturbation);
        for (const NodeIndex node : workflow_.dag.order()) {
            if (!needed_[node] || changed.contains(node)) continue;
            ColumnLineage::Arriving arriving;
            for (const NodeIndex input : workflow_.dag.inputs(node)) {
                const auto at = changed.find(input);
                if (at == changed.end()) continue;
                if (!at->second.all) look_at(node);
                if (out_.reads(node, input, at->second)) arriving.insert(*at);
            }
            if (arriving.empty()) continue;
            tell_columns_apart(node, arriving);
            changed[node] = out_.of_step(node, arriving);
        }
    }

    void ask_questions() {
        for (std::size_t g = 0; g < experiment_.metric_groups.size(); ++g) {
            const MetricGroup& group = experiment_.metric_groups[g];
            if (group.measured) continue;
            if (auto read = read_by(metrics_sql(experiment_, group, dialect_), {group.output}))
                out_.metrics_[g] = std::move(*read);
        }
        for (std::size_t c = 0; c < experiment_.checks.size(); ++c) {
            const BoundCheck& check = experiment_.checks[c];
            // A promise of columns is one of their names and types, and those are kept.
            if (!check.contract.empty())
                out_.checks_[c] = {};
            else if (auto read = read_by(check_sql(check), check.reads))
                out_.checks_[c] = std::move(*read);
        }
    }

  private:
    [[nodiscard]] std::optional<Read> read_by(const std::string& select,
                                              const std::vector<NodeIndex>& inputs) {
        const auto found = reads_.of(select, relations(inputs));
        if (!found) return std::nullopt;
        Read read;
        for (const NodeIndex input : inputs) {
            const auto of = found->find(workflow_.pipeline.nodes[input].name);
            read[input] = of == found->end() ? Names() : of->second;
        }
        return read;
    }
    [[nodiscard]] engine::ColumnReads::Relations relations(
        const std::vector<NodeIndex>& inputs) const {
        engine::ColumnReads::Relations all;
        for (const NodeIndex input : inputs)
            all[workflow_.pipeline.nodes[input].name] = columns_[input];
        return all;
    }
    [[nodiscard]] std::string some_of(NodeIndex node, const Names& names) const {
        std::string list;
        for (const auto& name : names) list += (list.empty() ? "" : ", ") + dialect_.quote(name);
        return fmt::format("SELECT {} FROM ({}\n)", list, workflow_.text[node]);
    }

    void look_at(NodeIndex node) {
        if (!seen_.insert(node).second) return;
        const model::Node& about = workflow_.pipeline.nodes[node];
        if (about.kind != model::NodeKind::sql || timed_[node] || !workflow_.unpinned[node].empty())
            return;
        if (auto read = read_by(workflow_.text[node], workflow_.dag.inputs(node)))
            out_.steps_[node].reads = std::move(*read);
    }

    void tell_columns_apart(NodeIndex node, const ColumnLineage::Arriving& arriving) {
        const auto at = out_.steps_.find(node);
        if (at == out_.steps_.end()) return;
        for (const auto& [input, changed] : arriving)
            if (changed.all) return;
        Step& step = at->second;
        const auto& inputs = workflow_.dag.inputs(node);
        if (step.columns.empty() && !step.whole) {
            const auto sure =
                reads_.unfailing(workflow_.text[node], relations(inputs), columns_[node]);
            for (const auto& column : columns_[node]) {
                auto read = read_by(some_of(node, {column.name}), inputs);
                step.whole = step.whole || !read;
                if (step.whole) return;
                step.columns.push_back({column.name, std::move(*read), sure.contains(column.name)});
            }
        }
        // What holds of each column by itself must hold of them together.
        const ChangedColumns changed = out_.of_step(node, arriving);
        if (changed.all) return;
        Names same;
        for (const Column& column : step.columns)
            if (!changed.columns.contains(column.name)) same.insert(column.name);
        const auto read = read_by(some_of(node, same), inputs);
        step.whole = !read || std::any_of(arriving.begin(), arriving.end(), [&](const auto& part) {
            return meet(read->at(part.first), part.second.columns);
        });
    }

    ColumnLineage& out_;
    const Experiment& experiment_;
    const Workflow& workflow_;
    const std::vector<bool>& needed_;
    const std::vector<engine::Schema>& columns_;
    const std::vector<bool>& timed_;
    const engine::Dialect& dialect_;
    engine::ColumnReads reads_;
    std::set<NodeIndex> seen_;
};

ColumnLineage::ColumnLineage(const Experiment& experiment, const std::vector<bool>& needed,
                             const std::vector<engine::Schema>& columns,
                             const std::vector<bool>& timed, const engine::Dialect& dialect) {
    for (std::size_t i = 0; i < experiment.faults.size(); ++i)
        targets_.push_back(targets_of(experiment.faults[i], columns[experiment.sites[i]]));
    if (std::none_of(targets_.begin(), targets_.end(), [](const auto& t) { return t.has_value(); }))
        return;
    Maker maker(*this, experiment, needed, columns, timed, dialect);
    maker.ask_questions();
    for (std::size_t i = 0; i < targets_.size(); ++i)
        if (targets_[i]) maker.follow(i);
}

ChangedColumns ColumnLineage::by_fault(std::size_t perturbation) const {
    if (perturbation >= targets_.size() || !targets_[perturbation]) return {true, {}};
    return {false, *targets_[perturbation]};
}

bool ColumnLineage::reads(NodeIndex step, NodeIndex input, const ChangedColumns& changed) const {
    const auto known = steps_.find(step);
    if (changed.all || known == steps_.end()) return changed.any();
    return meet(changed.columns, known->second.reads.at(input));
}

ChangedColumns ColumnLineage::of_step(NodeIndex step, const Arriving& arriving) const {
    const ChangedColumns everything{true, {}};
    const auto known = steps_.find(step);
    if (known == steps_.end() || known->second.whole || known->second.columns.empty())
        return everything;
    ChangedColumns out;
    for (const Column& column : known->second.columns) {
        bool changes = false;
        for (const auto& [input, changed] : arriving) {
            if (changed.all) return everything;
            changes = changes || meet(changed.columns, column.from.at(input));
        }
        // Nobody may ask for it: then an error in it, which is one of the step, would go unseen.
        if (changes && !column.sure) return everything;
        if (changes) out.columns.insert(column.name);
    }
    // Where every column depends on it, the rows may.
    return out.columns.size() == known->second.columns.size() ? everything : out;
}

bool ColumnLineage::metrics_see(std::size_t group, const ChangedColumns& changed) const {
    const auto known = metrics_.find(group);
    if (changed.all || known == metrics_.end()) return changed.any();
    return meet(changed.columns, known->second.begin()->second);
}

bool ColumnLineage::check_sees(std::size_t check, NodeIndex node,
                               const ChangedColumns& changed) const {
    const auto known = checks_.find(check);
    if (changed.all || known == checks_.end()) return changed.any();
    const auto read = known->second.find(node);
    return read != known->second.end() && meet(changed.columns, read->second);
}

}  // namespace faultline::run
