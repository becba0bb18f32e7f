#include "plugin/selection_sql.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/draws.h"
#include "engine/draw_sql.h"
#include "plugin/dose_sql.h"
#include "plugin/where_problem.h"

namespace faultline::plugin {
namespace {

using engine::TypeFamily;
using Mechanism = Selection::Mechanism;
using Sampling = Selection::Sampling;

// One that no unit's uniforms use, for where a block starts.
constexpr std::uint32_t offset_draw = 999;
// Draws are 32 bits: 4,096 stretches of them.
constexpr int stretch_bits = 20;

/// How many units a share of `n` is.
std::int64_t part_of(double n, double share) {
    return static_cast<std::int64_t>(std::max(0.0, std::floor(share * n + 0.5)));
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
    refuse_useless_weights();
    if (share <= 0) return "FALSE";
    if (!batches && !ordered && !thinned() && share >= 1) return reachable();
    if (!batches && !ordered && !selection.exact) return by_chance(share);
    const auto all = units();
    const auto n = count(all);
    const auto k =
        std::min(n, part_of(thinned() ? total_dose(all) : static_cast<double>(n), share));
    if (k == 0) return "FALSE";
    std::int64_t first = 0;
    if (selection.mechanism != Mechanism::at_random || selection.sampling == Sampling::block) {
        // At severity 1 the block must still fit: it starts where its largest extent allows.
        const auto largest = std::min(n, part_of(static_cast<double>(n), fault_.share_at(1)));
        const auto places = static_cast<std::uint64_t>(n - largest + 1);
        using Wide = unsigned __int128;
        first = static_cast<std::int64_t>((Wide{draw(0, stream_, offset_draw)} * places) >> 32);
    }
    auto condition = all.eligible;
    if (first + k < n) condition += " AND " + up_to(all, first + k - 1);
    if (first > 0)
        condition += all.by_rank
                         ? fmt::format(" AND {} > {}", all.row_value, rank_at(all, first - 1))
                         : " AND NOT " + up_to(all, first - 1);
    return "(" + condition + ")";
}

std::string SelectionSql::by_chance(double share) {
    const auto limit = share * 4294967296.0;
    if (thinned())
        return fmt::format("({} AND {} < floor({} * {}))", eligible(), draw_of(row_key),
                           context_.dialect.literal(limit), dose());
    // No key is below the smallest: a draw must be below the limit.
    const auto below = static_cast<std::int64_t>(std::floor(limit)) - 1;
    return fmt::format("({} AND {})", reachable(),
                       engine::up_to_expression(context_.dialect, row_key, stream_, selection_draw,
                                                below, std::numeric_limits<std::int64_t>::max()));
}

bool SelectionSql::expects_any() {
    if (context_.keyed.rows == 0) return false;
    if (!fault_.plugin().about().selects) return true;
    if (count_rows(reachable()) == 0) return true;
    return count_rows(predicate()) > 0;
}

void SelectionSql::refuse_useless_weights() {
    const auto& name = fault_.selection().weight;
    if (name.empty() || context_.keyed.measured.empty()) return;
    const auto sql =
        fmt::format("SELECT count(*), count(CASE WHEN {0} > 0 THEN 1 END) FROM {1}",
                    context_.dialect.cast(context_.dialect.quote(column(name).name),
                                          context_.dialect.type_for(TypeFamily::floating)),
                    context_.keyed.measured);
    const auto rows = context_.connection.query(sql);
    if (std::get<std::int64_t>(rows.rows.at(0).at(0)) == 0 ||
        std::get<std::int64_t>(rows.rows.at(0).at(1)) > 0)
        return;
    throw Error(
        {fault_.problem("/params/weight", fmt::format("\"{}\", which is positive in no row", name),
                        "a column of weights: rows of weight 0 or less are never hit")});
}

void SelectionSql::refuse_other_than_conditions(const std::string& visible) {
    const auto& where = fault_.selection().where;
    const auto& dialect = context_.dialect;
    // One row of NULLs of the right types: constants that do not read as a column's type fail on
    // it, as do aggregates and windows, which are nothing for a row to be chosen by.
    std::string nulls;
    for (const auto& column : context_.keyed.site.columns)
        nulls += (nulls.empty() ? "" : ", ") + dialect.cast("NULL", column.type) + " AS " +
                 dialect.quote(column.name);
    // First as a condition, whatever its type: else an aggregate is told to group.
    context_.connection.describe(
        fmt::format("SELECT 1 FROM (SELECT {}) WHERE (\n{}\n) IS NOT NULL", nulls, where));
    context_.connection.describe(visible);
    const auto type =
        context_.connection
            .describe(fmt::format("SELECT (\n{}\n) AS ok FROM (SELECT {})", where, nulls))
            .at(0);
    if (type.family != TypeFamily::boolean && type.family != TypeFamily::integer)
        throw Error(ErrorKind::data, fmt::format("it is a {}, neither true nor false", type.type));
    context_.connection.execute(
        fmt::format("SELECT 1 FROM (SELECT {}) WHERE (\n{}\n)", nulls, where));
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
            refuse_other_than_conditions(fmt::format("SELECT {} AS ok FROM (SELECT {} FROM {})",
                                                     condition, visible, context_.keyed.table));
        } catch (const Error& e) {
            if (e.kind() != ErrorKind::data) throw;
            throw Error({where_problem(fault_, site, e.what())});
        }
        return {};
    });
    return condition;
}

std::string SelectionSql::dose() {
    if (dose_.empty()) dose_ = "(" + dose_sql(context_, fault_) + ")";
    return dose_;
}

bool SelectionSql::thinned() const {
    return fault_.selection().along.has_value() && fault_.plugin().about().scales_fraction();
}

std::string SelectionSql::reachable() {
    if (!fault_.selection().along) return eligible();
    const bool binary = fault_.plugin().about().dose == Dose::binary;
    // A dose is never below nothing, and other than nothing costs less to ask than more.
    const auto acts =
        binary ? fmt::format("{} >= {}", dose(), context_.dialect.literal(0.5))
               : context_.dialect.cast(dose(), context_.dialect.type_for(TypeFamily::boolean));
    return fmt::format("({} AND {})", eligible(), acts);
}

std::int64_t SelectionSql::count(const Units& units) {
    if (units.keys) return static_cast<std::int64_t>(units.keys->size());
    const auto sql = fmt::format("SELECT count(*) FROM ({})", units.from);
    const auto rows = context_.measures.get(context_.keyed.table, sql,
                                            [&] { return context_.connection.query(sql); });
    return std::get<std::int64_t>(rows.rows.at(0).at(0));
}

double SelectionSql::total_dose(const Units& units) {
    // In order, since a floating sum depends on it.
    const bool batches = fault_.plugin().about().unit == Unit::batch;
    const auto each = fmt::format("SELECT {} AS dose FROM {} WHERE {}{}",
                                  batches ? "min(" + dose() + ")" : dose(), context_.keyed.table,
                                  units.eligible, batches ? " GROUP BY " + units.row_key : "");
    const auto sql = fmt::format("SELECT sum(dose ORDER BY dose) FROM ({})", each);
    const auto rows = context_.measures.get(context_.keyed.table, sql,
                                            [&] { return context_.connection.query(sql); });
    const auto* total = std::get_if<double>(&rows.rows.at(0).at(0));
    // Doses that come to 50 may miss it in the last place, and half of 25 be one less.
    return total == nullptr ? 0 : std::round(*total * 1e9) / 1e9;
}

std::int64_t SelectionSql::count_rows(const std::string& condition) {
    const auto sql =
        fmt::format("SELECT count(*) FROM {} WHERE {}", context_.keyed.table, condition);
    const auto rows = context_.measures.get(context_.keyed.table, sql,
                                            [&] { return context_.connection.query(sql); });
    return std::get<std::int64_t>(rows.rows.at(0).at(0));
}

SelectionSql::Stretch SelectionSql::stretch_of(const Units& units, std::int64_t at) {
    const auto stretch = context_.dialect.shift_right("d", stretch_bits);
    const auto sql = fmt::format("SELECT {} AS stretch, count(*) FROM ({}) GROUP BY 1 ORDER BY 1",
                                 stretch, units.from);
    const auto counts = context_.measures.get(context_.keyed.table, sql,
                                              [&] { return context_.connection.query(sql); });
    Stretch out{"", 0};
    for (const auto& row : counts.rows) {
        const auto count = std::get<std::int64_t>(row.at(1));
        if (out.before + count > at) {
            out.condition = fmt::format("{} = {}", stretch, std::get<std::int64_t>(row.at(0)));
            break;
        }
        out.before += count;
    }
    return out;
}

std::string SelectionSql::up_to_unit(const Units& units, std::int64_t draw,
                                     std::int64_t key) const {
    return engine::up_to_expression(context_.dialect, units.row_key, stream_, selection_draw, draw,
                                    key);
}

std::string SelectionSql::up_to(const Units& units, std::int64_t at) {
    if (units.keys) {
        // The same draws as the engine makes: integer arithmetic.
        std::vector<std::pair<std::int64_t, std::int64_t>> by_draw;
        for (const std::int64_t key : *units.keys)
            by_draw.emplace_back(draw(key, stream_, selection_draw), key);
        const auto limit = by_draw.begin() + at;
        std::nth_element(by_draw.begin(), limit, by_draw.end());
        return up_to_unit(units, limit->first, limit->second);
    }
    if (units.by_rank) return fmt::format("{} <= {}", units.row_value, rank_at(units, at));
    const bool ordered = !units.order.expression.empty();
    const bool as_text = ordered && units.order.column.family != TypeFamily::floating;
    const auto value = as_text
                           ? context_.dialect.cast("v", context_.dialect.type_for(TypeFamily::text))
                           : std::string("v");
    auto from = fmt::format("({})", units.from);
    auto offset = at;
    if (!ordered) {
        // By draw alone: of all units, only those near the one that is asked for are sorted.
        const auto near = stretch_of(units, at);
        from += " WHERE " + near.condition;
        offset -= near.before;
    }
    const auto sql = fmt::format(
        "SELECT {} AS v0, d, k FROM (SELECT v, d, k FROM {} ORDER BY v {} NULLS LAST, d, k "
        "LIMIT 1 OFFSET {})",
        value, from, units.order.descending ? "DESC" : "ASC", offset);
    const auto rows = context_.measures.get(context_.keyed.table, sql,
                                            [&] { return context_.connection.query(sql); });
    const auto& row = rows.rows.at(0);
    const auto tie =
        up_to_unit(units, std::get<std::int64_t>(row.at(1)), std::get<std::int64_t>(row.at(2)));
    if (!ordered) return tie;
    const auto& v = units.row_value;
    if (std::holds_alternative<std::monostate>(row.at(0)))
        return fmt::format("({} IS NOT NULL OR {})", v, tie);
    const auto limit = literal(row.at(0), units.order.column);
    return fmt::format("coalesce({0} {1} {2} OR ({0} = {2} AND {3}), FALSE)", v,
                       units.order.descending ? ">" : "<", limit, tie);
}

std::int64_t SelectionSql::rank_at(const Units& units, std::int64_t at) {
    // Ranks are 0 … n − 1: where every row can be hit, nobody needs to be asked.
    if (units.eligible == "TRUE") return at;
    const auto sql = fmt::format("SELECT v FROM ({}) ORDER BY v LIMIT 1 OFFSET {}", units.from, at);
    const auto rows = context_.measures.get(context_.keyed.table, sql,
                                            [&] { return context_.connection.query(sql); });
    return std::get<std::int64_t>(rows.rows.at(0).at(0));
}

std::string SelectionSql::literal(const engine::Value& value, const engine::Column& column) const {
    if (const auto* number = std::get_if<double>(&value)) return context_.dialect.literal(*number);
    return context_.dialect.cast(context_.dialect.literal(std::get<std::string>(value)),
                                 column.type);
}

}  // namespace faultline::plugin
