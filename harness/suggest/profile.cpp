#include "suggest/profile.h"

#include <fmt/format.h>

#include "core/error.h"

namespace faultline::suggest {
namespace {

using engine::TypeFamily;

std::int64_t whole_in(const engine::Value& value) {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
    // Engines with wide integers hand sums on as doubles or text.
    if (const auto* number = std::get_if<double>(&value)) return static_cast<std::int64_t>(*number);
    if (const auto* text = std::get_if<std::string>(&value)) return std::stoll(*text);
    return 0;
}

std::optional<double> number_in(const engine::Value& value) {
    if (const auto* number = std::get_if<double>(&value)) return *number;
    return std::nullopt;
}

std::string text_in(const engine::Value& value) {
    const auto* text = std::get_if<std::string>(&value);
    return text == nullptr ? "" : *text;
}

/// Writes the questions about one column of `select`.
class Asker {
  public:
    Asker(engine::Connection& connection, const engine::Dialect& dialect, const std::string& select,
          const engine::Column& column)
        : connection_(connection),
          dialect_(dialect),
          from_("(" + select + ") AS relation"),
          name_(dialect.quote(column.name)) {}

    void count(ColumnProfile& out) const {
        const auto row = first(fmt::format("count(*), count({0}), count(DISTINCT {0})", name_));
        out.rows = whole_in(row.at(0));
        out.nulls = out.rows - whole_in(row.at(1));
        out.distinct = whole_in(row.at(2));
    }
    void measure(ColumnProfile& out) const {
        const auto number = cast(TypeFamily::floating);
        // The squares of what lies beyond would be infinite.
        const auto finite =
            fmt::format("CASE WHEN abs({0}) < {1} THEN {0} END", number, dialect_.literal(1e150));
        const auto row = first(
            fmt::format("min({0}), max({0}), avg({0} ORDER BY {0}), stddev_samp({0} ORDER BY {0}), "
                        "count(CASE WHEN {0} = 0 THEN 1 END)",
                        finite));
        out.low = number_in(row.at(0));
        out.high = number_in(row.at(1));
        out.mean = number_in(row.at(2));
        out.deviation = number_in(row.at(3));
        out.zeros = whole_in(row.at(4));
    }
    void time(ColumnProfile& out) const {
        const auto text = dialect_.type_for(TypeFamily::text);
        const auto row = first(
            fmt::format("{}, {}, {}", dialect_.cast("min(" + name_ + ")", text),
                        dialect_.cast("max(" + name_ + ")", text),
                        dialect_.cast(fmt::format("extract(epoch FROM {}) - extract(epoch FROM {})",
                                                  moment("max"), moment("min")),
                                      dialect_.type_for(TypeFamily::floating))));
        out.first = text_in(row.at(0));
        out.last = text_in(row.at(1));
        out.days = number_in(row.at(2)).value_or(0) / 86400;
    }
    void spelling(ColumnProfile& out) const {
        const auto text = cast(TypeFamily::text);
        const auto row = first(
            fmt::format("count(CASE WHEN {0} LIKE '0_%' AND {1} IS NOT NULL THEN 1 END), "
                        "count(CASE WHEN upper({0}) <> lower({0}) THEN 1 END)",
                        text, dialect_.try_cast(text, dialect_.type_for(TypeFamily::integer))));
        out.padded = whole_in(row.at(0));
        out.lettered = whole_in(row.at(1));
    }
    void values(ColumnProfile& out) const {
        const auto rows = connection_.query(
            fmt::format("SELECT {0} AS v, count(*) AS n FROM {1} WHERE {2} IS NOT NULL GROUP BY 1 "
                        "ORDER BY n DESC, v",
                        cast(TypeFamily::text), from_, name_));
        for (const auto& row : rows.rows)
            out.values.emplace_back(text_in(row.at(0)), whole_in(row.at(1)));
    }

  private:
    [[nodiscard]] std::vector<engine::Value> first(const std::string& list) const {
        return connection_.query(fmt::format("SELECT {} FROM {}", list, from_)).rows.at(0);
    }
    [[nodiscard]] std::string moment(const char* aggregate) const {
        return dialect_.cast(fmt::format("{}({})", aggregate, name_),
                             dialect_.type_for(TypeFamily::timestamp));
    }
    [[nodiscard]] std::string cast(TypeFamily family) const {
        return dialect_.cast(name_, dialect_.type_for(family));
    }

    engine::Connection& connection_;
    const engine::Dialect& dialect_;
    std::string from_, name_;
};

}  // namespace

bool ColumnProfile::numeric() const {
    return column.family == TypeFamily::integer || column.family == TypeFamily::decimal ||
           column.family == TypeFamily::floating;
}

bool ColumnProfile::temporal() const {
    return column.family == TypeFamily::date || column.family == TypeFamily::timestamp;
}

const ColumnProfile* RelationProfile::find(const std::string& name) const {
    for (const auto& column : columns)
        if (column.column.name == name) return &column;
    return nullptr;
}

RelationProfile profile_of(engine::Connection& connection, const engine::Dialect& dialect,
                           const std::string& select, const engine::Schema& wanted,
                           std::size_t left_out) {
    RelationProfile profile;
    profile.left_out = left_out;
    profile.rows =
        whole_in(connection.query(fmt::format("SELECT count(*) FROM ({}) AS relation", select))
                     .rows.at(0)
                     .at(0));
    for (const auto& column : wanted) {
        ColumnProfile out;
        out.column = column;
        out.rows = profile.rows;
        const Asker asker(connection, dialect, select, column);
        try {
            asker.count(out);
            if (out.numeric()) asker.measure(out);
            if (out.temporal()) asker.time(out);
            if (column.family == TypeFamily::text) asker.spelling(out);
            const bool countable = column.family == TypeFamily::text ||
                                   column.family == TypeFamily::boolean ||
                                   column.family == TypeFamily::integer;
            if (countable && out.distinct <= most_values) asker.values(out);
        } catch (const Error& error) {
            // A type that cannot be compared, a time beyond what can be counted: what is known so
            // far has to do.
            if (error.kind() != ErrorKind::data) throw;
        }
        profile.columns.push_back(std::move(out));
    }
    return profile;
}

BatchProfile batches_of(engine::Connection& connection, const engine::Dialect& dialect,
                        const std::string& select, const engine::Column& column) {
    const auto rows = connection.query(fmt::format(
        "SELECT count(*), min(n), {1}, max(n), max_by(n, b) FROM (SELECT {0} AS b, count(*) AS n "
        "FROM ({2}) AS relation WHERE {0} IS NOT NULL GROUP BY 1)",
        dialect.quote(column.name), "percentile_disc(0.5) WITHIN GROUP (ORDER BY n)", select));
    const auto& row = rows.rows.at(0);
    return {column.name,         whole_in(row.at(0)), whole_in(row.at(1)),
            whole_in(row.at(2)), whole_in(row.at(3)), whole_in(row.at(4))};
}

}  // namespace faultline::suggest
