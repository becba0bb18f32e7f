#include "plugin/selection_sql.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/draws.h"
#include "engine/draw_sql.h"

namespace faultline::plugin {
namespace {

using engine::TypeFamily;
using Mechanism = Selection::Mechanism;
using Sampling = Selection::Sampling;

// The selection's own draw, and one that no unit's uniforms use, for where a block starts.
constexpr std::uint32_t selection_draw = 0;
constexpr std::uint32_t offset_draw = 999;
constexpr const char* row_key = "\"__fl_key\"";

std::int64_t part_of(std::int64_t n, double share) {
    const auto k = std::floor(share * static_cast<double>(n) + 0.5);
    return std::clamp(static_cast<std::int64_t>(k), std::int64_t{0}, n);
}

}  // namespace

SelectionSql::SelectionSql(const SelectionContext& context, const Fault& fault, double severity,
                           std::uint64_t stream, std::size_t target)
    : context_(context), fault_(fault), severity_(severity), stream_(stream), target_(target) {}

std::string SelectionSql::predicate() {
    const auto share = fault_.share_at(severity_);
    const auto& selection = fault_.selection();
    const bool batches = fault_.plugin().about().unit == Unit::batch;
    const bool ordered =
        selection.mechanism != Mechanism::at_random || selection.sampling != Sampling::uniform;
    if (share <= 0) return "FALSE";
    if (!batches && !ordered && share >= 1) return eligible();
    if (!batches && !ordered && !selection.exact) {
        const auto limit = static_cast<std::int64_t>(std::floor(share * 4294967296.0));
        return fmt::format("({} AND {} < {})", eligible(), draw_of(row_key), limit);
    }
    const auto all = units();
    const auto n = count(all);
    const auto k = part_of(n, share);
    if (k == 0) return "FALSE";
    std::int64_t first = 0;
    if (selection.mechanism != Mechanism::at_random || selection.sampling == Sampling::block) {
        // At severity 1 the block must still fit: it starts where its largest extent allows.
        const auto largest = part_of(n, fault_.share_at(1));
        const auto places = static_cast<std::uint64_t>(n - largest + 1);
        using Wide = unsigned __int128;
        first = static_cast<std::int64_t>((Wide{draw(0, stream_, offset_draw)} * places) >> 32);
    }
    auto condition = all.eligible;
    if (first + k < n) condition += " AND " + up_to(all, first + k - 1);
    if (first > 0) condition += " AND NOT " + up_to(all, first - 1);
    return "(" + condition + ")";
}

bool SelectionSql::expects_any() {
    if (context_.keyed.rows == 0) return false;
    if (!fault_.plugin().about().selects) return true;
    if (count_rows(eligible()) == 0) return true;
    return count_rows(predicate()) > 0;
}

std::string SelectionSql::eligible() {
    const auto& where = fault_.selection().where;
    if (where.empty()) return "TRUE";
    // Lines of its own: the condition may end in a comment.
    const auto condition =
        fmt::format("coalesce({}, FALSE)",
                    context_.dialect.cast("(\n" + where + "\n)",
                                          context_.dialect.type_for(TypeFamily::boolean)));
    const auto& site = context_.keyed.site;
    context_.measures.get(context_.keyed.table, "binds " + where, [&]() -> engine::Rows {
        try {
            // Alone over the visible columns, so that it can neither see hidden ones nor reach out
            // of its brackets in the statement it becomes part of.
            std::string visible;
            for (const auto& column : site.columns)
                visible += (visible.empty() ? "" : ", ") + context_.dialect.quote(column.name);
            context_.connection.describe(fmt::format("SELECT {} AS ok FROM (SELECT {} FROM {})",
                                                     condition, visible, context_.keyed.table));
        } catch (const Error& e) {
            if (e.kind() != ErrorKind::data) throw;
            throw Error(
                {fault_.problem("/params/where", fmt::format("\"{}\": {}", where, e.what()),
                                fmt::format("an SQL condition over the columns of {}: {}",
                                            site.node, fmt::join(names_of(site.columns), ", ")))});
        }
        return {};
    });
    return condition;
}

SelectionSql::Units SelectionSql::units() {
    if (fault_.plugin().about().unit == Unit::batch) return batch_units();
    const auto& selection = fault_.selection();
    const auto& dialect = context_.dialect;
    Units out;
    out.row_key = row_key;
    out.row_draw = draw_of(row_key);
    out.eligible = eligible();
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
    if (selection.sampling == Sampling::uniform) out.order = {};
    out.order.descending = selection.sampling == Sampling::latest;
    out.row_draw = draw_of(out.row_key);
    out.row_value = out.order.expression;
    out.eligible = eligible() + fmt::format(" AND {} IS NOT NULL", out.row_key);
    out.from = fmt::format(
        "SELECT v, {} AS d, k FROM (SELECT min({}) AS v, {} AS k FROM {} WHERE {} GROUP BY 2)",
        draw_of("k"), out.row_value.empty() ? "0" : out.row_value, out.row_key,
        context_.keyed.table, out.eligible);
    return out;
}

std::string SelectionSql::batch_key() const {
    if (!context_.keyed.site.batch.empty()) return "\"__fl_batch\"";
    const auto rows = static_cast<std::uint64_t>(context_.keyed.rows);
    const auto block =
        fault_.selection().block_rows.value_or(std::max<std::uint64_t>(1, (rows + 19) / 20));
    return fmt::format("(\"__fl_rank\" - (\"__fl_rank\" % {}))", block);
}

std::int64_t SelectionSql::count(const Units& units) {
    const auto sql = fmt::format("SELECT count(*) FROM ({})", units.from);
    const auto rows = context_.measures.get(context_.keyed.table, sql,
                                            [&] { return context_.connection.query(sql); });
    return std::get<std::int64_t>(rows.rows.at(0).at(0));
}

std::int64_t SelectionSql::count_rows(const std::string& condition) {
    const auto sql =
        fmt::format("SELECT count(*) FROM {} WHERE {}", context_.keyed.table, condition);
    const auto rows = context_.measures.get(context_.keyed.table, sql,
                                            [&] { return context_.connection.query(sql); });
    return std::get<std::int64_t>(rows.rows.at(0).at(0));
}

std::string SelectionSql::up_to(const Units& units, std::int64_t at) {
    const bool ordered = !units.order.expression.empty();
    const bool as_text = ordered && units.order.column.family != TypeFamily::floating;
    const auto value = as_text
                           ? context_.dialect.cast("v", context_.dialect.type_for(TypeFamily::text))
                           : std::string("v");
    const auto sql = fmt::format(
        "SELECT {} AS v0, d, k FROM (SELECT v, d, k FROM ({}) ORDER BY v {} NULLS LAST, d, k "
        "LIMIT 1 OFFSET {})",
        value, units.from, units.order.descending ? "DESC" : "ASC", at);
    const auto rows = context_.measures.get(context_.keyed.table, sql,
                                            [&] { return context_.connection.query(sql); });
    const auto& row = rows.rows.at(0);
    const auto tie = fmt::format("({0} < {1} OR ({0} = {1} AND {2} <= {3}))", units.row_draw,
                                 std::get<std::int64_t>(row.at(1)), units.row_key,
                                 std::get<std::int64_t>(row.at(2)));
    if (!ordered) return tie;
    const auto& v = units.row_value;
    if (std::holds_alternative<std::monostate>(row.at(0)))
        return fmt::format("({} IS NOT NULL OR {})", v, tie);
    const auto limit = literal(row.at(0), units.order.column);
    return fmt::format("coalesce({0} {1} {2} OR ({0} = {2} AND {3}), FALSE)", v,
                       units.order.descending ? ">" : "<", limit, tie);
}

std::string SelectionSql::literal(const engine::Value& value, const engine::Column& column) const {
    if (const auto* number = std::get_if<double>(&value)) return context_.dialect.literal(*number);
    return context_.dialect.cast(context_.dialect.literal(std::get<std::string>(value)),
                                 column.type);
}

std::string SelectionSql::draw_of(const std::string& key) const {
    return engine::draw_expression(context_.dialect, key, stream_, selection_draw);
}

const engine::Column& SelectionSql::column(const std::string& name) const {
    const auto& columns = context_.keyed.site.columns;
    return columns.at(position_of(columns, name));
}

}  // namespace faultline::plugin
