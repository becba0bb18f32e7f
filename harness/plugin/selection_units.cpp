#include <fmt/format.h>

#include <algorithm>

#include "engine/draw_sql.h"
#include "plugin/selection_sql.h"

// What a fault's units are (rows, or batches of them), and in which order they are hit.

namespace faultline::plugin {
namespace {

using engine::TypeFamily;
using Mechanism = Selection::Mechanism;
using Sampling = Selection::Sampling;

}  // namespace

SelectionSql::Units SelectionSql::units() {
    if (fault_.plugin().about().unit == Unit::batch) return batch_units();
    const auto& selection = fault_.selection();
    const auto& dialect = context_.dialect;
    Units out;
    out.row_key = row_key;
    out.row_draw = draw_of(row_key);
    out.eligible = reachable();
    std::string by;
    if (selection.mechanism == Mechanism::at_random_given) by = selection.given;
    if (selection.mechanism == Mechanism::not_at_random)
        by = context_.keyed.site.columns.at(target_).name;
    if (selection.sampling == Sampling::latest || selection.sampling == Sampling::earliest)
        by = selection.by.empty() ? context_.keyed.site.batch : selection.by;
    const auto floating = dialect.type_for(TypeFamily::floating);
    if (!by.empty()) {
        out.order = {dialect.quote(column(by).name), column(by),
                     selection.sampling == Sampling::latest};
        if (out.order.column.family == TypeFamily::floating)
            out.order.expression = dialect.cast(out.order.expression, floating);
    } else if (selection.sampling == Sampling::weight) {
        // Exponential races: the smallest of -ln(u)/w first is sampling without replacement in
        // proportion to w (Efraimidis & Spirakis, Inf. Process. Lett. 97, 2006, 181).
        const auto weight = dialect.cast(dialect.quote(column(selection.weight).name), floating);
        out.eligible += fmt::format(" AND coalesce({0} > 0 AND {0} < {1}, FALSE)", weight,
                                    dialect.literal(1e300));
        const auto u = engine::uniform_expression(dialect, row_key, stream_, selection_draw);
        // Where the weight is unusable the row is out anyway; it must not divide by zero on its
        // way.
        out.order = {fmt::format("CASE WHEN {0} > 0 THEN -ln({1}) / {0} END", weight, u),
                     {"", floating, TypeFamily::floating},
                     false};
    } else if (selection.sampling == Sampling::block) {
        out.order = {"\"__fl_rank\"",
                     {"", dialect.type_for(TypeFamily::integer), TypeFamily::integer},
                     false};
        out.by_rank = true;
    } else if (thinned()) {
        out.order = by_dose(out.row_draw);
    }
    out.row_value = out.order.expression;
    out.from = fmt::format("SELECT {} AS v, {} AS d, {} AS k FROM {} WHERE {}",
                           out.row_value.empty() ? "0" : out.row_value, out.row_draw, out.row_key,
                           context_.keyed.table, out.eligible);
    return out;
}

SelectionSql::Units SelectionSql::batch_units() {
    const auto& selection = fault_.selection();
    const auto& dialect = context_.dialect;
    const auto& site = context_.keyed.site;
    Units out;
    out.row_key = batch_key();
    if (!site.batch.empty()) {
        const auto label = dialect.quote(column(site.batch).name);
        out.order = {label, column(site.batch), false};
        if (out.order.column.family == TypeFamily::floating)
            out.order.expression = dialect.cast(label, dialect.type_for(TypeFamily::floating));
    } else {
        out.order = {
            out.row_key, {"", dialect.type_for(TypeFamily::integer), TypeFamily::integer}, false};
    }
    out.row_draw = draw_of(out.row_key);
    if (thinned())
        out.order = by_dose(out.row_draw);
    else if (selection.sampling == Sampling::uniform)
        out.order = {};
    out.order.descending = selection.sampling == Sampling::latest;
    out.row_value = out.order.expression;
    out.eligible = reachable() + fmt::format(" AND {} IS NOT NULL", out.row_key);
    if (out.order.expression.empty()) out.keys = few_batches(out);
    out.from = fmt::format(
        "SELECT v, {} AS d, k FROM (SELECT min({}) AS v, {} AS k FROM {} WHERE {} GROUP BY 2)",
        draw_of("k"), out.row_value.empty() ? "0" : out.row_value, out.row_key,
        context_.keyed.table, out.eligible);
    return out;
}

std::optional<std::vector<std::int64_t>> SelectionSql::few_batches(const Units& units) {
    constexpr std::size_t most = 65536;
    const auto sql = fmt::format("SELECT DISTINCT {} AS k FROM {} WHERE {} LIMIT {}", units.row_key,
                                 context_.keyed.table, units.eligible, most + 1);
    const auto rows = context_.measures.get(context_.keyed.table, sql,
                                            [&] { return context_.connection.query(sql); });
    if (rows.rows.size() > most) return std::nullopt;
    std::vector<std::int64_t> keys;
    for (const auto& row : rows.rows) keys.push_back(std::get<std::int64_t>(row.at(0)));
    return keys;
}

SelectionSql::Order SelectionSql::by_dose(const std::string& draw) {
    // Each unit is hit where its draw is below share · dose: where draw / dose is below the share.
    // The smallest of these first is sequential Poisson sampling (Ohlsson, J. Official Statistics
    // 14, 1998, 149), whose number is exact and whose chances follow the doses still.
    const auto floating = context_.dialect.type_for(TypeFamily::floating);
    return {fmt::format("CASE WHEN {0} > 0 THEN {1} / {0} END", dose(),
                        context_.dialect.cast(draw, floating)),
            {"", floating, TypeFamily::floating},
            false};
}

std::string SelectionSql::batch_key() const {
    if (!context_.keyed.site.batch.empty()) return "\"__fl_batch\"";
    const auto rows = static_cast<std::uint64_t>(context_.keyed.rows);
    const auto block =
        fault_.selection().block_rows.value_or(std::max<std::uint64_t>(1, (rows + 19) / 20));
    return fmt::format("(\"__fl_rank\" - (\"__fl_rank\" % {}))", block);
}

std::string SelectionSql::draw_of(const std::string& key) const {
    return engine::draw_expression(context_.dialect, key, stream_, selection_draw);
}

const engine::Column& SelectionSql::column(const std::string& name) const {
    const auto& columns = context_.keyed.site.columns;
    return columns.at(position_of(columns, name));
}

}  // namespace faultline::plugin
