#include "run/node_questions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "core/error.h"
#include "model/names.h"

namespace faultline::run {
namespace {

using engine::TypeFamily;

constexpr double rows_at_once = 8192;
constexpr double distinct_at_once = 100'000;
constexpr unsigned one_in = 16;
const std::vector<double> levels{0.05, 0.25, 0.5, 0.75, 0.95};
const std::vector<std::string> level_names{"q05", "q25", "q50", "q75", "q95"};

bool is_quantity(TypeFamily family) {
    return family == TypeFamily::integer || family == TypeFamily::decimal ||
           family == TypeFamily::floating;
}

bool is_moment(TypeFamily family) {
    return family == TypeFamily::date || family == TypeFamily::timestamp;
}

/// Values that can be told apart and counted.
bool is_countable(TypeFamily family) {
    return is_quantity(family) || is_moment(family) || family == TypeFamily::text ||
           family == TypeFamily::boolean;
}

std::string as_double(const engine::Dialect& dialect, const std::string& expression) {
    return dialect.cast(expression, dialect.type_for(TypeFamily::floating));
}

std::string deviation(const engine::Dialect& dialect, const engine::Column& column) {
    const std::string number = as_double(dialect, dialect.quote(column.name));
    if (column.family != TypeFamily::floating) return fmt::format("stddev_samp({})", number);
    // The squares of what lies beyond would be infinite, and engines refuse that.
    return fmt::format("stddev_samp(CASE WHEN abs({0}) < {1} THEN {0} END)", number,
                       dialect.literal(1e150));
}

/// The statement that reads different values and quantiles off frequencies: of the values
/// themselves, or of bins of this width.
NodeQuestions::Statement by_frequency(const engine::Dialect& dialect, const std::string& name,
                                      std::size_t column, double width) {
    NodeQuestions::Statement made;
    made.column = column;
    const std::string number = as_double(dialect, name);
    // A bin stands for its middle. Its width is a power of two, so that nothing is rounded.
    const std::string value = width > 0
                                  ? fmt::format("(floor({} / {}) + 0.5) * {}", number,
                                                dialect.literal(width), dialect.literal(width))
                                  : name;
    std::string list, kept = "v";
    if (width == 0) {
        // Where values are few, what else is said of them costs nothing more. About the mean, so
        // that nothing is lost; z leaves out what has no finite square.
        list =
            "count(v), min(d), max(d), sum(d * n) / max(total), sqrt(CASE WHEN sum(k) > 1 THEN "
            "sum((z - middle) * (z - middle) * n) / (sum(k) - 1) END)";
        made.names = {"distinct", "min", "max", "mean", "std"};
        kept = "v, n, d, z, k, sum(z * n) OVER () / sum(k) OVER () AS middle";
    }
    for (std::size_t i = 0; i < levels.size(); ++i) {
        // As an interpolated quantile is defined: between the values at ⌊p(n − 1)⌋ and ⌈p(n − 1)⌉.
        const std::string at = fmt::format("{} * (total - 1)", levels[i]);
        const std::string low =
            as_double(dialect, fmt::format("min(CASE WHEN upto > floor({}) THEN v END)", at));
        const std::string high =
            as_double(dialect, fmt::format("min(CASE WHEN upto > ceil({}) THEN v END)", at));
        const std::string between = fmt::format("{0} * (max(total) - 1)", levels[i]);
        list += fmt::format("{0}{1} + ({2} - {1}) * ({3} - floor({3}))", list.empty() ? "" : ", ",
                            low, high, between);
        made.names.push_back(level_names[i]);
    }
    const std::string count = as_double(dialect, "count(*)");
    made.before = fmt::format(
        "SELECT {} FROM (SELECT {}, sum(n) OVER (ORDER BY v) AS upto, sum(n) OVER () AS total "
        "FROM (SELECT v, n, d, CASE WHEN abs(d) < {} THEN d END AS z, CASE WHEN abs(d) < {} THEN "
        "n END AS k FROM (SELECT {} AS v, any_value({}) AS d, {} AS n FROM (",
        list, kept, dialect.literal(1e150), dialect.literal(1e150), value, number, count);
    made.after = fmt::format(") AS relation WHERE {} IS NOT NULL GROUP BY 1)))", name);
    made.how = width > 0 ? fmt::format("bins of {}", width) : "frequencies";
    return made;
}

/// How many different values there are, of few or of a sample of them.
NodeQuestions::Statement by_counting(const engine::Dialect& dialect, const std::string& name,
                                     std::size_t column, bool sampled) {
    NodeQuestions::Statement made;
    made.column = column;
    made.names = {"distinct"};
    made.before = fmt::format("SELECT {} FROM (", dialect.count_distinct(name));
    made.after = ") AS relation";
    made.how = "all";
    if (sampled) {
        made.after += " WHERE " + dialect.is_sampled(name, one_in);
        made.how = fmt::format("one in {}", one_in);
        made.whole = true;
    }
    return made;
}

double ask_one(engine::Connection& connection, const std::string& sql) {
    return number_of(connection.query(sql).rows.at(0).at(0)).value_or(0);
}

/// Bins of a power of two, between a 1,024th and a 2,048th of what lies between the outer
/// quantiles; 0: these are none to tell it from.
double bin_width(engine::Connection& connection, const engine::Dialect& dialect,
                 const std::string& select, const std::string& number) {
    const auto row =
        connection
            .query(fmt::format("SELECT {}, {} FROM ({}) AS relation",
                               dialect.quantile_among(number, {0.05, 0.95}, 0),
                               dialect.quantile_among(number, {0.05, 0.95}, 1), select))
            .rows.at(0);
    const double spread = number_of(row[1]).value_or(0) - number_of(row[0]).value_or(0);
    if (!std::isfinite(spread) || spread < 1e-200 || spread > 1e200) return 0;
    return std::exp2(std::floor(std::log2(spread / 1024)));
}

/// Whether the moments are asked with them.
bool ask_apart(engine::Connection& connection, const engine::Dialect& dialect,
               const std::string& select, std::size_t at, bool quantity, NodeQuestions& into) {
    const std::string name = dialect.quote(into.columns[at].name);
    const double distinct = ask_one(connection, by_counting(dialect, name, at, false).of(select));
    const bool few = distinct <= distinct_at_once && 8 * distinct <= into.rows;
    if (quantity && few) {
        into.statements.push_back(by_frequency(dialect, name, at, 0));
        return true;
    }
    auto counting = by_counting(dialect, name, at, distinct > distinct_at_once);
    if (distinct > distinct_at_once) {
        const double seen = ask_one(connection, counting.of(select));
        if (seen > 0) counting.scale = distinct / seen;
        counting.how += fmt::format(" times {}", counting.scale);
    }
    into.statements.push_back(std::move(counting));
    if (!quantity) return false;
    const std::string number = as_double(dialect, name);
    if (const double width = bin_width(connection, dialect, select, number); width > 0) {
        into.statements.push_back(by_frequency(dialect, name, at, width));
        return false;
    }
    for (std::size_t i = 0; i < levels.size(); ++i)
        into.aggregates.push_back(
            {at, level_names[i], dialect.quantile_among(number, levels, i), "values"});
    return false;
}

}  // namespace

std::optional<double> number_of(const engine::Value& value) {
    if (const auto* number = std::get_if<double>(&value)) return *number;
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
    return std::nullopt;
}

std::size_t find_column(const engine::Schema& columns, const std::string& name) {
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (model::same_folded(columns[i].name, name)) return i;
    return NodeQuestions::of_relation;
}

void ask_about_column(engine::Connection& connection, const engine::Dialect& dialect,
                      const std::string& select, std::size_t at, bool identifier,
                      NodeQuestions& into) {
    const engine::Column column = into.columns[at];
    const std::string name = dialect.quote(column.name);
    const auto ask = [&](const char* statistic, const std::string& sql) {
        into.aggregates.push_back({at, statistic, sql});
    };
    ask("nulls", fmt::format("count(*) - count({})", name));
    if (is_moment(column.family))
        for (const char* end : {"min", "max"})
            ask(end, dialect.epoch(fmt::format("{}({})", end, name)));
    const bool quantity = is_quantity(column.family) && !identifier;
    const std::string number = as_double(dialect, name);
    const bool apart = is_countable(column.family) && into.rows > rows_at_once;
    const bool with_moments = apart && ask_apart(connection, dialect, select, at, quantity, into);
    if (quantity && !with_moments) {
        ask("min", fmt::format("min({})", number));
        ask("max", fmt::format("max({})", number));
        ask("mean", fmt::format("avg({})", number));
        ask("std", deviation(dialect, column));
    }
    if (!is_countable(column.family) || apart) return;
    ask("distinct", dialect.count_distinct(name));
    for (std::size_t i = 0; quantity && i < levels.size(); ++i)
        ask(level_names[i].c_str(), dialect.quantile_among(number, levels, i));
}

std::string ask_about_key(const engine::Dialect& dialect, const std::vector<std::string>& key,
                          NodeQuestions& into) {
    std::string list;
    for (const auto& name : key) list += (list.empty() ? "" : ", ") + dialect.quote(name);
    std::string count = dialect.count_distinct(key.size() == 1 ? list : "(" + list + ")");
    const std::size_t column =
        key.size() == 1 ? find_column(into.columns, key.front()) : NodeQuestions::of_relation;
    if (into.rows > rows_at_once) {
        NodeQuestions::Statement made;
        made.column = column;
        made.names = {"keys"};
        made.before = "SELECT " + count + " FROM (";
        made.after = ") AS relation";
        into.statements.push_back(std::move(made));
    } else {
        into.aggregates.push_back({column, "keys", count});
    }
    return count;
}

std::map<std::string, std::string> checks_of_column(const engine::Dialect& dialect,
                                                    const engine::Column& column, bool identifier) {
    const std::string name = dialect.quote(column.name);
    std::map<std::string, std::string> checks;
    checks["null_rate"] = fmt::format("1 - count({}) / {}", name, as_double(dialect, "count(*)"));
    if (is_countable(column.family)) checks["distinct"] = dialect.count_distinct(name);
    // A moment is compared as what it is, not in seconds.
    for (const char* end : {"min", "max"})
        if (is_moment(column.family)) checks[end] = fmt::format("{}({})", end, name);
    if (!is_quantity(column.family) || identifier) return checks;
    const std::string number = as_double(dialect, name);
    checks["min"] = fmt::format("min({})", number);
    checks["max"] = fmt::format("max({})", number);
    checks["mean"] = fmt::format("avg({})", number);
    checks["std"] = deviation(dialect, column);
    for (std::size_t i = 0; i < levels.size(); ++i)
        checks[level_names[i]] = dialect.quantile(number, levels[i]);
    return checks;
}

}  // namespace faultline::run
