#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "plugin/perturb.h"

namespace faultline::plugin {
namespace {

using engine::Column;
using engine::Dialect;
using engine::TypeFamily;

/// Text whose spelling every engine and every machine agrees on. Doubles print differently from
/// engine to engine, and times with a zone after the session's zone.
bool has_portable_text(const Column& column) {
    switch (column.family) {
        case TypeFamily::boolean:
        case TypeFamily::integer:
        case TypeFamily::decimal:
        case TypeFamily::text:
        case TypeFamily::date:
            return true;
        case TypeFamily::time:
        case TypeFamily::timestamp:
            return column.type.find("ZONE") == std::string::npos;
        default:
            return false;
    }
}

/// Writes the SQL of one keyed site.
class Keyer {
  public:
    Keyer(const Dialect& dialect, const Site& site) : dialect_(dialect), site_(site) {
        for (const auto& column : site.columns) names_.push_back(dialect.quote(column.name));
        for (const auto& name : site.key) key_.push_back(find(name, "key"));
    }

    [[nodiscard]] std::string visible() const { return fmt::format("{}", fmt::join(names_, ", ")); }

    /// A BIGINT from the declared key alone; empty when there is none with a portable text.
    [[nodiscard]] std::string key_expression() const {
        if (key_.empty() || !std::all_of(key_.begin(), key_.end(),
                                         [](const Column* c) { return has_portable_text(*c); }))
            return {};
        std::string text;
        for (const auto* column : key_) text += (text.empty() ? "" : " || ") + part(*column);
        const auto hash = dialect_.hash_text(text);
        if (has_integer_key())
            return fmt::format("coalesce({}, {})",
                               dialect_.try_cast(dialect_.quote(key_[0]->name), bigint()), hash);
        return hash;
    }
    /// The order that content alone decides: the declared key first, then every column.
    [[nodiscard]] std::string content_order() const {
        std::vector<std::string> terms;
        for (const auto* column : key_) terms.push_back(sorted_by(*column));
        for (const auto& column : site_.columns) terms.push_back(sorted_by(column));
        return fmt::format("{}", fmt::join(terms, ", "));
    }
    /// A BIGINT that identifies the batch, or empty.
    [[nodiscard]] std::string batch_expression() const {
        if (site_.batch.empty()) return {};
        const auto& column = *find(site_.batch, "batch");
        const auto name = dialect_.quote(column.name);
        std::string id;
        if (column.family == TypeFamily::integer)
            id = fmt::format("coalesce({}, {})", dialect_.try_cast(name, bigint()),
                             dialect_.hash_text(text_of(column)));
        else if (has_portable_text(column))
            id = dialect_.hash_text(text_of(column));
        else
            id = fmt::format("dense_rank() OVER (ORDER BY {})", sorted_by(column));
        return fmt::format("CASE WHEN {} IS NULL THEN NULL ELSE {} END", name, id);
    }
    /// `from` with a column "__fl_batch" beside its own where a batch column is declared. Where
    /// batches are few, each is hashed once and looked up rather than hashed again for every row.
    [[nodiscard]] std::string with_batch(const std::string& from, bool few) const {
        if (site_.batch.empty()) return from;
        const auto& column = *find(site_.batch, "batch");
        const auto label = dialect_.quote(column.name);
        const auto id = dialect_.cast(batch_expression(), bigint()) + " AS \"__fl_batch\"";
        if (!few || column.family == TypeFamily::integer || !has_portable_text(column))
            return fmt::format("(SELECT *, {} FROM {})", id, from);
        return fmt::format(
            "{0} LEFT JOIN (SELECT {1} AS \"__fl_label\", {2} FROM (SELECT DISTINCT {1} FROM {3})) "
            "AS \"__fl_batches\" ON {1} = \"__fl_label\"",
            from, label, id, site_.from);
    }
    /// How many different batches the first rows are in, and how many rows those are.
    [[nodiscard]] std::string count_of_first_batches() const {
        return fmt::format(
            "SELECT count(DISTINCT {0}), count(*) FROM (SELECT {0} FROM {1} LIMIT 10000)",
            dialect_.quote(find(site_.batch, "batch")->name), site_.from);
    }
    /// Is the key a single whole number?
    [[nodiscard]] bool has_integer_key() const {
        return key_.size() == 1 && key_[0]->family == TypeFamily::integer;
    }
    [[nodiscard]] std::string bigint() const { return dialect_.type_for(TypeFamily::integer); }

  private:
    [[nodiscard]] const Column* find(const std::string& name, const char* what) const {
        const auto at = position_of(site_.columns, name);
        if (at < site_.columns.size()) return &site_.columns[at];
        throw Error(ErrorKind::user,
                    fmt::format("node {}: its declared {} \"{}\" is none of its columns: {}",
                                site_.node, what, name, fmt::join(names_of(site_.columns), ", ")),
                    site_.node);
    }
    [[nodiscard]] std::string text_of(const Column& column) const {
        return dialect_.cast(dialect_.quote(column.name), dialect_.type_for(TypeFamily::text));
    }
    /// A term of ORDER BY. What an engine sorts by it may hand back from the sort key, in which
    /// -0.0 is 0.0 (DuckDB does, and in lists and structs too): such columns are sorted by a copy.
    [[nodiscard]] std::string sorted_by(const Column& column) const {
        const auto name = dialect_.quote(column.name);
        const bool copied =
            column.family == TypeFamily::floating || column.family == TypeFamily::nested;
        return (copied ? fmt::format("CASE WHEN {0} IS NULL THEN NULL ELSE {0} END", name) : name) +
               " NULLS LAST";
    }
    /// Length and mark keep ("ab", "c"), ("a", "bc") and NULL apart.
    [[nodiscard]] std::string part(const Column& column) const {
        const auto text = text_of(column);
        return fmt::format(
            "CASE WHEN {} IS NULL THEN 'n' ELSE 'v' || {} || ':' || {} END",
            dialect_.quote(column.name),
            dialect_.cast(fmt::format("length({})", text), dialect_.type_for(TypeFamily::text)),
            text);
    }

    const Dialect& dialect_;
    const Site& site_;
    std::vector<std::string> names_;
    std::vector<const Column*> key_;
};

std::int64_t number_in(const engine::Rows& rows, std::size_t column) {
    return std::get<std::int64_t>(rows.rows.at(0).at(column));
}

/// Do the rows come in the order of this whole number, each larger than the one before? Then it is
/// a key as it stands, and a row's place is its rank. Most extracts are written so, and one look at
/// one column says it.
bool rises(engine::Connection& connection, const std::string& key, const std::string& from) {
    const auto counts =
        connection.query(fmt::format("SELECT count(*), count(*) FILTER (WHERE k > before) FROM "
                                     "(SELECT k, lag(k) OVER () AS before "
                                     "FROM (SELECT {} AS k FROM {}))",
                                     key, from));
    return number_in(counts, 0) == number_in(counts, 1) + 1;
}

/// The keyed form of rows that come in the order of their key: nothing is sorted.
bool keyed_in_order(engine::Connection& connection, const Dialect& dialect, const Keyer& keyer,
                    const Site& site, const std::string& key, bool few_batches,
                    const std::string& table) {
    if (!keyer.has_integer_key() || !rises(connection, key, site.from)) return false;
    const bool batches = !site.batch.empty();
    connection.execute(dialect.create_table_as(
        table,
        fmt::format("SELECT {}, {} AS \"__fl_key\", {} AS \"__fl_rank\"{} FROM {}", keyer.visible(),
                    dialect.cast(key, keyer.bigint()),
                    dialect.cast("row_number() OVER () - 1", keyer.bigint()),
                    batches ? ", \"__fl_batch\"" : "", keyer.with_batch(site.from, few_batches))));
    // A join may hand rows on in another order; if it ever does, they are sorted after all.
    if (!batches || rises(connection, "\"__fl_key\"", table)) return true;
    connection.execute(dialect.drop_table(table));
    return false;
}

/// The keyed form of any rows, as a SELECT.
std::string sorted(engine::Connection& connection, const Dialect& dialect, const Keyer& keyer,
                   const Site& site, const std::string& key, bool few_batches) {
    bool unique = false;
    if (!key.empty()) {
        const auto counts = connection.query(
            fmt::format("SELECT count(*), count(DISTINCT {}) FROM {}", key, site.from));
        unique = number_in(counts, 0) == number_in(counts, 1);
    }
    // The number of a row in its present order is used for one thing: to hand the rows on in it.
    auto inner =
        fmt::format("SELECT {0}, row_number() OVER () AS \"__fl_seq\"{1} FROM {2}", keyer.visible(),
                    key.empty() ? "" : fmt::format(", {} AS \"__fl_base\"", key), site.from);
    std::string key_of_row;
    if (key.empty()) {
        key_of_row = fmt::format("row_number() OVER (ORDER BY {}) - 1", keyer.content_order());
    } else if (unique) {
        key_of_row = "\"__fl_base\"";
    } else {
        inner = fmt::format(
            "SELECT *, row_number() OVER (PARTITION BY \"__fl_base\" ORDER BY {}) - 1 AS "
            "\"__fl_nth\" FROM ({})",
            keyer.content_order(), inner);
        const auto text = dialect.type_for(TypeFamily::text);
        key_of_row = fmt::format(
            "CASE WHEN \"__fl_nth\" = 0 THEN \"__fl_base\" ELSE {} END",
            dialect.hash_text(fmt::format("{} || '#' || {}", dialect.cast("\"__fl_base\"", text),
                                          dialect.cast("\"__fl_nth\"", text))));
    }
    const auto keyed = fmt::format("(SELECT *, {} AS \"__fl_key\" FROM ({})) AS \"__fl_keyed\"",
                                   dialect.cast(key_of_row, keyer.bigint()), inner);
    // A key that is the row's place among all is its rank as well.
    const auto rank =
        key.empty() ? std::string("\"__fl_key\"")
                    : dialect.cast("row_number() OVER (ORDER BY \"__fl_key\") - 1", keyer.bigint());
    return fmt::format(
        "SELECT {}, \"__fl_key\", {} AS \"__fl_rank\"{} FROM {} ORDER BY \"__fl_seq\"",
        keyer.visible(), rank, site.batch.empty() ? "" : ", \"__fl_batch\"",
        keyer.with_batch(keyed, few_batches));
}

}  // namespace

KeyedSite make_keyed_site(engine::Connection& connection, const Dialect& dialect, const Site& site,
                          const std::string& table) {
    for (const auto& column : site.columns)
        if (column.name.starts_with("__fl_"))
            throw Error(
                ErrorKind::user,
                fmt::format("node {}: the column name \"{}\" is reserved (it begins with __fl_)",
                            site.node, column.name),
                site.node);
    const Keyer keyer(dialect, site);
    const auto key = keyer.key_expression();
    bool few = false;
    if (!site.batch.empty()) {
        const auto counts = connection.query(keyer.count_of_first_batches());
        few = 2 * number_in(counts, 0) <= number_in(counts, 1);
    }
    KeyedSite out{site, table};
    out.in_order = keyed_in_order(connection, dialect, keyer, site, key, few, table);
    if (!out.in_order)
        connection.execute(
            dialect.create_table_as(table, sorted(connection, dialect, keyer, site, key, few)));
    out.rows = number_in(connection.query(fmt::format("SELECT count(*) FROM {}", table)), 0);
    return out;
}

}  // namespace faultline::plugin
