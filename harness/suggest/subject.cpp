#include "suggest/subject.h"

#include <algorithm>
#include <chrono>

#include "model/names.h"
#include "suggest/mentions.h"

namespace faultline::suggest {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
    const auto folded = model::fold_case(name);
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& other) { return model::fold_case(other) == folded; });
}

/// The first column whose every value is different and whose name says that it is meant so.
std::string likely_key(const RelationProfile& profile) {
    for (const auto& column : profile.columns) {
        const auto name = model::fold_case(column.column.name);
        const bool by_name = name.ends_with("id") || name.ends_with("key") ||
                             name.ends_with("code") || name.ends_with("sku") ||
                             name.ends_with("number");
        const bool by_type = column.column.family == engine::TypeFamily::integer ||
                             column.column.family == engine::TypeFamily::text;
        if (by_name && by_type && column.rows > 1 && column.identifies()) return column.column.name;
    }
    return {};
}

/// The first date with several rows a day: what an extract a day would be told by.
std::string likely_batch(const RelationProfile& profile) {
    for (const auto& column : profile.columns)
        if (column.column.family == engine::TypeFamily::date && column.distinct >= 5 &&
            column.nulls == 0 && column.distinct * 2 <= column.rows)
            return column.column.name;
    return {};
}

Subject subject_of(const run::Experiment& experiment, const run::BaseRun& base,
                   engine::Connection& connection, graph::NodeIndex node) {
    const auto& about = experiment.workflow.pipeline.nodes[node];
    const auto& dialect = base.engine().dialect();
    Subject out;
    out.node = node;
    out.name = about.name;
    out.select = base.relations().select(base.plan().result(node));
    out.mentioned = mentioned_after(experiment.workflow, node);
    auto declared = about.key;
    if (!about.batch.empty()) declared.push_back(about.batch);
    const auto& columns = base.columns(node);
    const auto wanted = worth_a_look(columns, out.mentioned, declared);
    out.profile =
        profile_of(connection, dialect, out.select, wanted, columns.size() - wanted.size());
    out.key_declared = !about.key.empty();
    for (const auto& name : about.key) {
        const auto at = plugin::position_of(wanted, name);
        if (at < wanted.size()) out.key.push_back(wanted[at].name);
    }
    if (!out.key_declared)
        if (auto key = likely_key(out.profile); !key.empty()) out.key.push_back(std::move(key));
    if (const auto at = plugin::position_of(wanted, about.batch); at < wanted.size())
        out.batches = batches_of(connection, dialect, out.select, wanted[at]);
    else
        out.batch_candidate = likely_batch(out.profile);
    if (base.has_files(node)) {
        out.files = &base.files(node);
        out.format = about.source.format;
        out.encoding = about.source.csv.value("encoding", "");
    }
    return out;
}

Subject step_of(const run::Experiment& experiment, const run::BaseRun& base,
                engine::Connection& connection, graph::NodeIndex node) {
    const auto& about = experiment.workflow.pipeline.nodes[node];
    Subject out;
    out.node = node;
    out.name = about.name;
    out.is_step = true;
    out.is_command = about.kind == model::NodeKind::command;
    out.key = about.key;
    out.key_declared = !about.key.empty();
    if (about.timeout) out.timeout_seconds = std::chrono::duration<double>(*about.timeout).count();
    out.select = base.relations().select(base.plan().result(node));
    const auto& columns = base.columns(node);
    const auto at = plugin::position_of(columns, about.batch);
    const auto wanted = at < columns.size() ? engine::Schema{columns[at]} : engine::Schema{};
    out.profile = profile_of(connection, base.engine().dialect(), out.select, wanted, 0);
    if (at < columns.size())
        out.batches = batches_of(connection, base.engine().dialect(), out.select, columns[at]);
    return out;
}

}  // namespace

bool Subject::is_mentioned(const std::string& column) const {
    return mentioned.contains(model::fold_case(column));
}

std::vector<const ColumnProfile*> Subject::of(Role role) const {
    std::vector<const ColumnProfile*> found;
    for (std::size_t i = 0; i < roles.size(); ++i)
        if (roles[i] == role && profile.columns[i].present() > 0)
            found.push_back(&profile.columns[i]);
    const auto place = [&](const ColumnProfile* column) {
        const auto& called = column->column.name;
        return unseen.contains(called) ? 2 : is_mentioned(called) ? 0 : 1;
    };
    std::stable_sort(found.begin(), found.end(),
                     [&](const auto* a, const auto* b) { return place(a) < place(b); });
    return found;
}

engine::Schema worth_a_look(const engine::Schema& columns, const std::set<std::string>& mentioned,
                            const std::vector<std::string>& declared) {
    if (columns.size() <= most_columns) return columns;
    std::vector<bool> taken(columns.size(), false);
    std::size_t count = 0;
    const auto take_where = [&](const auto& wanted) {
        for (std::size_t i = 0; i < columns.size() && count < most_columns; ++i)
            if (!taken[i] && wanted(columns[i].name)) {
                taken[i] = true;
                ++count;
            }
    };
    take_where([&](const std::string& name) { return contains(declared, name); });
    take_where([&](const std::string& name) { return mentioned.contains(model::fold_case(name)); });
    take_where([](const std::string&) { return true; });
    engine::Schema out;
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (taken[i]) out.push_back(columns[i]);
    return out;
}

std::vector<Subject> subjects_of(const run::Experiment& experiment, const run::BaseRun& base,
                                 engine::Connection& connection) {
    std::vector<Subject> subjects;
    const auto& workflow = experiment.workflow;
    for (graph::NodeIndex node = 0; node < workflow.pipeline.nodes.size(); ++node)
        if (workflow.dag.inputs(node).empty())
            subjects.push_back(subject_of(experiment, base, connection, node));
    find_references(subjects, connection, base.engine().dialect());
    for (auto& subject : subjects)
        subject.roles = roles_of(subject, workflow.pipeline.nodes[subject.node].batch);
    return subjects;
}

std::vector<Subject> steps_of(const run::Experiment& experiment, const run::BaseRun& base,
                              engine::Connection& connection) {
    std::vector<Subject> steps;
    const auto& workflow = experiment.workflow;
    for (graph::NodeIndex node = 0; node < workflow.pipeline.nodes.size(); ++node) {
        const auto& about = workflow.pipeline.nodes[node];
        const bool own = about.kind == model::NodeKind::command ||
                         (about.kind == model::NodeKind::sql && !workflow.dag.inputs(node).empty());
        const bool passed_on =
            about.kind == model::NodeKind::command || !workflow.dag.consumers(node).empty();
        if (own && passed_on) steps.push_back(step_of(experiment, base, connection, node));
    }
    return steps;
}

}  // namespace faultline::suggest
