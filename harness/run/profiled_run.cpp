#include "run/profiled_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "model/names.h"

namespace faultline::run {
namespace {

constexpr std::size_t of_relation = NodeQuestions::of_relation;

/// One name may be measured in several ways, which give different numbers.
std::string question_named(const std::string& name, const std::string& how) {
    return how.empty() ? name : name + " of " + how;
}

bool may_differ(const ChangedColumns& changed, const std::string& column) {
    return std::any_of(changed.columns.begin(), changed.columns.end(),
                       [&](const std::string& name) { return model::same_folded(name, column); });
}

std::string orphans_sql(const engine::Dialect& dialect, const std::string& child,
                        const std::string& column, const std::string& parent,
                        const std::string& field) {
    return fmt::format(
        "SELECT count(*) FROM ({0}) AS child WHERE {1} IS NOT NULL AND {1} NOT IN (SELECT {3} FROM "
        "({2}) AS parent WHERE {3} IS NOT NULL)",
        child, dialect.quote(column), parent, dialect.quote(field));
}

}  // namespace

/// A number that has to be asked for: where it goes and what else it is known by.
struct ProfiledRun::Slot {
    std::size_t column;  ///< of the base
    std::string name, sql, print, question;
};

ProfiledRun::ProfiledRun(const Profiler& profiler, engine::Connection& connection,
                         std::function<std::string(NodeIndex)> select)
    : profiler_(profiler),
      connection_(connection),
      select_(std::move(select)),
      facts_(&profiler.facts()) {}

bool ProfiledRun::is_wanted(const std::string& statistic) const {
    return !only_what_moves_ || (statistic != "keys" && statistic != "unknown");
}

void ProfiledRun::take_prints(const NodeQuestions& asked, const std::string& select, double rows,
                              const std::vector<bool>& wanted, Columns& columns) {
    const engine::Dialect& dialect = profiler_.base_run().engine().dialect();
    std::string list;
    std::vector<std::size_t> taken;
    for (std::size_t c = 0; c < columns.size(); ++c) {
        if (!columns[c].at || !wanted[c] || !columns[c].print.empty()) continue;
        list +=
            (list.empty() ? "" : ", ") + dialect.column_print(dialect.quote(asked.columns[c].name));
        taken.push_back(c);
    }
    if (!taken.empty()) {
        const auto row =
            connection_.query(fmt::format("SELECT {} FROM ({}) AS printed", list, select))
                .rows.at(0);
        for (std::size_t i = 0; i < taken.size(); ++i) {
            const auto* print = std::get_if<std::string>(&row[i]);
            columns[taken[i]].print = fmt::format("{} {} {}", asked.columns[taken[i]].type, rows,
                                                  print == nullptr ? "" : *print);
        }
    }
    for (std::size_t c = 0; c < columns.size(); ++c)
        if (!columns[c].print.empty()) prints_[select][asked.columns[c].name] = columns[c].print;
}

journal::NodeProfile ProfiledRun::measure_base(NodeIndex node, NodeQuestions& asked) {
    const std::string& select = profiler_.base_select(node);
    journal::NodeProfile profile;
    profile.node = profiler_.experiment().workflow.pipeline.nodes[node].name;
    profile.left_out = asked.left_out;
    profile.numbers["rows"] = asked.rows;
    Columns columns(asked.columns.size());
    for (std::size_t c = 0; c < columns.size(); ++c) {
        columns[c].at = c;
        profile.columns.push_back({asked.columns[c].name, asked.columns[c].type, {}, {}, {}});
    }
    take_prints(asked, select, asked.rows, std::vector<bool>(columns.size(), true), columns);
    for (const auto& column : columns) asked.prints.push_back(column.print);
    answer(asked, select, columns, profile);
    measured_[select] = std::move(columns);
    relate(node, select, profile);
    return profile;
}

journal::NodeProfile ProfiledRun::measure(NodeIndex node, const std::string& select,
                                          const ChangedColumns& changed) {
    const BaseRun& base = profiler_.base_run();
    const NodeQuestions& asked = profiler_.asked(node);
    journal::NodeProfile profile;
    profile.node = profiler_.experiment().workflow.pipeline.nodes[node].name;
    if (select == profiler_.base_select(node)) {
        profile.same = true;
        return profile;
    }
    const engine::Schema actual = connection_.describe(select);
    const double rows =
        changed.all
            ? number_of(
                  connection_.query(fmt::format("SELECT count(*) FROM ({}) AS counted", select))
                      .rows.at(0)
                      .at(0))
                  .value_or(0)
            : asked.rows;
    Columns columns(asked.columns.size());
    for (const auto& column : actual) {
        const std::size_t known = find_column(asked.columns, column.name);
        if (known == of_relation && profile.columns.size() >= Profiler::most_columns) continue;
        if (known != of_relation && asked.columns[known] == column) {
            columns[known].at = profile.columns.size();
            if (!changed.all && !may_differ(changed, column.name))
                columns[known].print = asked.prints[known];
        }
        profile.columns.push_back({column.name, column.type, {}, {}, {}});
    }
    // What has other rows than the base has none of its columns.
    const bool alike = rows == asked.rows;
    take_prints(asked, select, rows, alike ? std::vector<bool>(columns.size(), true) : asked.twins,
                columns);
    if (alike && actual == base.columns(node)) {
        bool same = true;
        for (std::size_t c = 0; c < columns.size(); ++c)
            same = same && columns[c].print == asked.prints[c];
        // The same values in every column may still be other rows.
        if (same &&
            base.fingerprints().same(connection_, base.engine().dialect(), base.columns(node),
                                     profiler_.base_select(node), select)) {
            profile.columns.clear();
            profile.same = true;
            return profile;
        }
    }
    profile.left_out = asked.left_out;
    profile.numbers["rows"] = rows;
    answer(asked, select, columns, profile);
    measured_[select] = std::move(columns);
    return profile;
}

void ProfiledRun::answer(const NodeQuestions& asked, const std::string& select,
                         const Columns& columns, journal::NodeProfile& profile) {
    std::vector<Slot> together;
    for (const auto& question : asked.aggregates)
        if (auto slot = slot_for(question.column, question.name, question.how, columns, profile)) {
            slot->sql = question.sql;
            together.push_back(std::move(*slot));
        }
    ask_together(together, select, columns, profile);
    for (const auto& statement : asked.statements)
        ask_statement(statement, select, columns, profile);
}

void ProfiledRun::relate(NodeIndex node, const std::string& select, journal::NodeProfile& profile) {
    const auto columns = measured_.find(select);
    if (columns == measured_.end() || profile.same || only_what_moves_) return;
    const NodeQuestions& asked = profiler_.asked(node);
    for (const auto& reference : asked.references) {
        const std::string parent = select_(reference.to);
        const auto other = print_of(reference, parent);
        auto slot = slot_for(reference.column, reference.name, other.value_or(""), columns->second,
                             profile);
        if (!slot) continue;
        if (!other) slot->print.clear();
        const auto row =
            answered(orphans_sql(profiler_.base_run().engine().dialect(), select,
                                 asked.columns[reference.column].name, parent, reference.field));
        if (!row) continue;
        if (const auto number = number_of(row->at(0)))
            tell(*slot, *number, columns->second, profile);
    }
}

std::optional<ProfiledRun::Slot> ProfiledRun::slot_for(std::size_t column, const std::string& name,
                                                       const std::string& how,
                                                       const Columns& columns,
                                                       journal::NodeProfile& profile) const {
    if (!is_wanted(name) || (column != of_relation && !columns[column].at)) return std::nullopt;
    Slot slot{column, name, "", "", question_named(name, how)};
    if (column != of_relation) slot.print = columns[column].print;
    const auto known = facts_.find(slot.print, slot.question);
    if (!known) return slot;
    numbers_for(slot.column, name, columns, profile)[name] = *known;
    return std::nullopt;
}

void ProfiledRun::tell(const Slot& slot, double number, const Columns& columns,
                       journal::NodeProfile& profile) {
    numbers_for(slot.column, slot.name, columns, profile)[slot.name] = number;
    facts_.keep(slot.print, slot.question, number);
}

std::map<std::string, double>& ProfiledRun::numbers_for(std::size_t column, const std::string& name,
                                                        const Columns& columns,
                                                        journal::NodeProfile& profile) {
    // How many different keys there are is the relation's, also where one column is the key.
    return column == of_relation || name == "keys" ? profile.numbers
                                                   : profile.columns[*columns[column].at].numbers;
}

/// The first row of a result; nullopt: it cannot be answered here.
std::optional<std::vector<engine::Value>> ProfiledRun::answered(const std::string& sql) {
    try {
        return connection_.query(sql).rows.at(0);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::data) throw;
        return std::nullopt;
    }
}

void ProfiledRun::ask_statement(const NodeQuestions::Statement& statement,
                                const std::string& select, const Columns& columns,
                                journal::NodeProfile& profile) {
    std::vector<std::pair<std::size_t, Slot>> missing;
    for (std::size_t i = 0; i < statement.names.size(); ++i)
        if (auto slot =
                slot_for(statement.column, statement.names[i], statement.how, columns, profile))
            missing.emplace_back(i, std::move(*slot));
    if (missing.empty()) return;
    const auto row = answered(statement.of(select));
    if (!row) return;
    for (const auto& [i, slot] : missing)
        if (const auto number = number_of((*row)[i]))
            tell(
                slot,
                statement.whole ? std::round(*number * statement.scale) : *number * statement.scale,
                columns, profile);
}

void ProfiledRun::ask_together(const std::vector<Slot>& slots, const std::string& select,
                               const Columns& columns, journal::NodeProfile& profile) {
    if (slots.empty()) return;
    const auto sql_of = [&](const std::string& list) {
        return fmt::format("SELECT {} FROM ({}) AS relation", list, select);
    };
    std::string list;
    for (const auto& slot : slots) list += (list.empty() ? "" : ", ") + slot.sql;
    const auto row = answered(sql_of(list));
    for (std::size_t i = 0; i < slots.size(); ++i) {
        // Where one of them cannot be answered, the others still can.
        const auto alone = row ? std::nullopt : answered(sql_of(slots[i].sql));
        if (!row && !alone) continue;
        if (const auto number = number_of(row ? (*row)[i] : alone->at(0)))
            tell(slots[i], *number, columns, profile);
    }
}

std::optional<std::string> ProfiledRun::print_of(const NodeQuestions::Reference& reference,
                                                 const std::string& select) const {
    if (const auto found = prints_.find(select); found != prints_.end())
        if (const auto print = found->second.find(reference.field); print != found->second.end())
            return print->second;
    if (select != profiler_.base_select(reference.to)) return std::nullopt;
    if (!profiler_.covers(reference.to)) return "the base's " + reference.name;
    const NodeQuestions& asked = profiler_.asked(reference.to);
    const std::size_t column = find_column(asked.columns, reference.field);
    if (column >= asked.prints.size()) return "the base's " + reference.name;
    return asked.prints[column];
}

}  // namespace faultline::run
