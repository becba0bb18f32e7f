#include "run/profiler.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "core/error.h"

namespace faultline::run {
namespace {

using engine::TypeFamily;

constexpr std::size_t of_relation = std::string::npos;

bool is_number(TypeFamily family) {
    return family == TypeFamily::integer || family == TypeFamily::decimal ||
           family == TypeFamily::floating;
}

bool is_moment(TypeFamily family) {
    return family == TypeFamily::date || family == TypeFamily::timestamp;
}

/// Values that can be told apart and counted.
bool is_countable(TypeFamily family) {
    return is_number(family) || is_moment(family) || family == TypeFamily::text ||
           family == TypeFamily::boolean;
}

std::optional<double> number_of(const engine::Value& value) {
    if (const auto* number = std::get_if<double>(&value)) return *number;
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
    return std::nullopt;
}

bool named_alike(const std::string& a, const std::string& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
        return std::tolower(x) == std::tolower(y);
    });
}

std::size_t find_column(const engine::Schema& columns, const std::string& name) {
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (named_alike(columns[i].name, name)) return i;
    return of_relation;
}

}  // namespace

Profiler::Profiler(const Experiment& experiment, const BaseRun& base, const StopFlag* stop)
    : experiment_(experiment), base_(base) {
    std::vector<bool> reached(base.needed().size(), false);
    for (const NodeIndex site : experiment.sites) {
        const auto below = experiment.workflow.dag.descendants(site);
        for (NodeIndex node = 0; node < below.size(); ++node)
            reached[node] = reached[node] || below[node];
    }
    const auto connection = base.engine().connect();
    connection->stop_when({std::nullopt, stop});
    for (const NodeIndex node : experiment.workflow.dag.order())
        if (reached[node] && base.needed()[node]) look_at(*connection, node);
}

const std::string& Profiler::base_select(NodeIndex node) const {
    return base_.relations().select(base_.plan().result(node));
}

void Profiler::look_at(engine::Connection& connection, NodeIndex node) {
    const model::Node& about = experiment_.workflow.pipeline.nodes[node];
    const engine::Dialect& dialect = base_.engine().dialect();
    const std::string& select = base_select(node);
    constexpr double exact_up_to = 1'000'000;
    const double rows =
        number_of(connection.query(fmt::format("SELECT count(*) FROM ({}) AS counted", select))
                      .rows.at(0)
                      .at(0))
            .value_or(0);
    Asked asked;
    asked.columns = base_.columns(node);
    if (asked.columns.size() > most_columns) {
        asked.left_out = asked.columns.size() - most_columns;
        asked.columns.resize(most_columns);
    }
    asked.questions.push_back({of_relation, "rows", "count(*)"});
    if (!about.key.empty() && rows <= exact_up_to * 5 &&
        std::all_of(about.key.begin(), about.key.end(), [&](const std::string& name) {
            return find_column(base_.columns(node), name) != of_relation;
        })) {
        std::string key;
        for (const auto& name : about.key) key += (key.empty() ? "" : ", ") + dialect.quote(name);
        // A key that has a NULL in it is none; not_null is the guard for that.
        asked.questions.push_back(
            {of_relation, "keys",
             fmt::format("count(DISTINCT {})", about.key.size() == 1 ? key : "(" + key + ")")});
    }
    std::vector<std::vector<std::string>> values(asked.columns.size());
    for (std::size_t c = 0; c < asked.columns.size(); ++c) {
        ask_of(asked.columns[c], c, rows > exact_up_to, asked);
        if (asked.columns[c].family != TypeFamily::text) continue;
        values[c] = few_values(connection, select, asked.columns[c], rows);
        if (values[c].empty()) continue;
        std::string list;
        for (const auto& value : values[c])
            list += (list.empty() ? "" : ", ") + dialect.literal(value);
        asked.questions.push_back({c, "unknown",
                                   fmt::format("count(CASE WHEN {} NOT IN ({}) THEN 1 END)",
                                               dialect.quote(asked.columns[c].name), list)});
    }
    refer(node, asked);
    journal::NodeProfile profile = answers(connection, node, asked, select,
                                           [&](NodeIndex other) { return base_select(other); });
    for (const auto& question : asked.questions) {
        if (question.column == of_relation) {
            profile.sql[question.name] = question.sql;
        } else if (question.name != "unknown" && question.name != "nulls") {
            profile.columns[question.column].sql[question.name] = question.sql;
        }
    }
    for (std::size_t c = 0; c < asked.columns.size(); ++c) {
        const std::string quoted = dialect.quote(asked.columns[c].name);
        profile.columns[c].values = std::move(values[c]);
        profile.columns[c].sql["null_rate"] =
            fmt::format("1 - count({}) / {}", quoted,
                        dialect.cast("count(*)", dialect.type_for(TypeFamily::floating)));
        // A moment is compared as what it is, not in seconds.
        for (const char* end : {"min", "max"})
            if (is_moment(asked.columns[c].family))
                profile.columns[c].sql[end] = fmt::format("{}({})", end, quoted);
    }
    profile_.nodes.push_back(std::move(profile));
    asked_.emplace(node, std::move(asked));
}

void Profiler::ask_of(const engine::Column& column, std::size_t at, bool approximate,
                      Asked& asked) const {
    const engine::Dialect& dialect = base_.engine().dialect();
    const std::string name = dialect.quote(column.name);
    const auto ask = [&](const char* statistic, const std::string& sql) {
        asked.questions.push_back({at, statistic, sql});
    };
    ask("nulls", fmt::format("count(*) - count({})", name));
    if (is_countable(column.family)) ask("distinct", dialect.count_distinct(name, approximate));
    if (is_moment(column.family))
        for (const char* end : {"min", "max"})
            ask(end, dialect.epoch(fmt::format("{}({})", end, name)));
    if (!is_number(column.family)) return;
    const std::string number = dialect.cast(name, dialect.type_for(TypeFamily::floating));
    // The squares of what lies beyond would be infinite, and engines refuse that.
    const std::string finite =
        column.family == TypeFamily::floating
            ? fmt::format("CASE WHEN abs({0}) < {1} THEN {0} END", number, dialect.literal(1e150))
            : number;
    ask("min", fmt::format("min({})", number));
    ask("max", fmt::format("max({})", number));
    ask("mean", fmt::format("avg({})", number));
    ask("std", fmt::format("stddev_samp({})", finite));
    const std::vector<double> ps{0.05, 0.25, 0.5, 0.75, 0.95};
    const std::vector<const char*> statistics{"q05", "q25", "q50", "q75", "q95"};
    for (std::size_t i = 0; i < ps.size(); ++i) {
        ask(statistics[i], dialect.quantile(number, ps[i], approximate));
        asked.questions.back().together = dialect.quantile_among(number, ps, i, approximate);
    }
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
void Profiler::refer(NodeIndex node, Asked& asked) const {
    const auto& nodes = experiment_.workflow.pipeline.nodes;
    for (std::size_t c = 0; c < asked.columns.size(); ++c) {
        std::size_t found = 0;
        // Nearest to where the data come from first: sources hold what is known to exist.
        for (const NodeIndex other : experiment_.workflow.dag.order()) {
            if (other == node || !base_.needed()[other] || nodes[other].key.size() != 1) continue;
            if (!named_alike(nodes[other].key.front(), asked.columns[c].name)) continue;
            const auto at = find_column(base_.columns(other), nodes[other].key.front());
            if (at == of_relation || base_.columns(other)[at].family != asked.columns[c].family)
                continue;
            asked.references.push_back({c, other, base_.columns(other)[at].name});
            if (++found == 2) break;
        }
    }
}

journal::NodeProfile Profiler::answers(engine::Connection& connection, NodeIndex node,
                                       const Asked& asked, const std::string& select,
                                       const std::function<std::string(NodeIndex)>& other) const {
    const auto& nodes = experiment_.workflow.pipeline.nodes;
    const engine::Dialect& dialect = base_.engine().dialect();
    const engine::Schema actual = connection.describe(select);
    journal::NodeProfile profile;
    profile.node = nodes[node].name;
    profile.left_out = asked.left_out;
    std::vector<std::size_t> place(asked.columns.size(), of_relation);
    for (const auto& column : actual) {
        const std::size_t known = find_column(asked.columns, column.name);
        if (known == of_relation && profile.columns.size() >= most_columns) continue;
        if (known != of_relation && asked.columns[known] == column)
            place[known] = profile.columns.size();
        profile.columns.push_back({column.name, column.type, {}, {}, {}});
    }
    struct Slot {
        std::size_t column;  ///< of the profile
        std::string name, sql;
    };
    std::vector<Slot> slots;
    for (const auto& question : asked.questions) {
        const auto& sql = question.together.empty() ? question.sql : question.together;
        if (question.column == of_relation) {
            slots.push_back({of_relation, question.name, sql});
        } else if (place[question.column] != of_relation) {
            slots.push_back({place[question.column], question.name, sql});
        }
    }
    for (const auto& reference : asked.references) {
        if (place[reference.column] == of_relation) continue;
        slots.push_back(
            {place[reference.column], "orphans:" + nodes[reference.to].name + "." + reference.field,
             fmt::format("(SELECT count(*) FROM ({0}) AS child WHERE child.{1} IS NOT NULL AND NOT "
                         "EXISTS (SELECT 1 FROM ({2}) AS parent WHERE parent.{3} = child.{1}))",
                         select, dialect.quote(asked.columns[reference.column].name),
                         other(reference.to), dialect.quote(reference.field))});
    }
    const auto put = [&](const Slot& slot, const engine::Value& value) {
        const auto number = number_of(value);
        if (!number) return;
        (slot.column == of_relation ? profile.numbers
                                    : profile.columns[slot.column].numbers)[slot.name] = *number;
    };
    const auto ask = [&](const std::string& list) {
        return connection.query(fmt::format("SELECT {} FROM ({}) AS relation", list, select))
            .rows.at(0);
    };
    std::string list;
    for (const auto& slot : slots) list += (list.empty() ? "" : ", ") + slot.sql;
    try {
        const auto row = ask(list);
        for (std::size_t i = 0; i < slots.size(); ++i) put(slots[i], row[i]);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::data) throw;
        // One of them cannot be answered here: the others still can.
        for (const auto& slot : slots) {
            try {
                put(slot, ask(slot.sql).at(0));
            } catch (const Error& reason) {
                if (reason.kind() != ErrorKind::data) throw;
            }
        }
    }
    return profile;
}

journal::NodeProfile Profiler::measure(engine::Connection& connection, NodeIndex node,
                                       const std::string& select,
                                       const std::function<std::string(NodeIndex)>& other) const {
    const std::string& base = base_select(node);
    if (select == base || (connection.describe(select) == base_.columns(node) &&
                           base_.fingerprints().same(connection, base_.engine().dialect(), node,
                                                     base_.columns(node), base, select))) {
        journal::NodeProfile profile;
        profile.node = experiment_.workflow.pipeline.nodes[node].name;
        profile.same = true;
        return profile;
    }
    return answers(connection, node, asked_.at(node), select, other);
}

}  // namespace faultline::run
