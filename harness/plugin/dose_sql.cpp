#include "plugin/dose_sql.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

namespace faultline::plugin {
namespace {

using engine::TypeFamily;
using Shape = Along::Shape;

/// The column as positions from 0 (its smallest value) to 1 (its largest).
class Axis {
  public:
    Axis(const SelectionContext& context, const Fault& fault)
        : context_(context), fault_(fault), column_(column_of(context, fault)) {
        value_ = in_units(context.dialect.quote(column_.name));
        // NaN and infinity are no place along anything.
        finite_ = fmt::format("abs({}) < {}", value_, context.dialect.literal(1e300));
        const auto& keyed = context.keyed;
        const auto ends = context.measures.get(keyed.table, "along " + value_, [&] {
            return context.connection.query(
                fmt::format("SELECT min({0}), max({0}) FROM {1} WHERE {2}", value_,
                            keyed.measured.empty() ? keyed.table : keyed.measured, finite_));
        });
        if (const auto* first = std::get_if<double>(&ends.rows.at(0).at(0))) {
            first_ = *first;
            const auto span = std::get<double>(ends.rows[0].at(1)) - *first;
            if (span > 0) span_ = span;
            known_ = true;
        }
    }

    /// Over the keyed site's rows, where finite().
    [[nodiscard]] std::string place() const {
        return fmt::format("(({} - {}) / {})", value_, context_.dialect.literal(first_),
                           context_.dialect.literal(span_));
    }
    [[nodiscard]] const std::string& finite() const { return finite_; }
    [[nodiscard]] double first() const { return first_; }
    [[nodiscard]] double span() const { return span_; }
    /// The curve as the engine's own function, or empty where it has none for such a column.
    [[nodiscard]] std::string native(const DoseCurve& curve) const {
        const auto name = context_.dialect.quote(column_.name);
        if (!is_of_type(column_.family, "numeric"))
            return context_.dialect.native_dose(name, column_.type, curve);
        const auto floating = context_.dialect.type_for(TypeFamily::floating);
        return context_.dialect.native_dose(context_.dialect.cast(name, floating), floating, curve);
    }
    /// Where a stated start or end is. The same arithmetic as place(), so that a row with just the
    /// value stated is just there.
    [[nodiscard]] double place_of(const Along::Place& stated, const char* key) const {
        if (stated.value.empty()) return stated.share;
        const auto type = is_of_type(column_.family, "numeric")
                              ? context_.dialect.type_for(TypeFamily::floating)
                              : column_.type;
        const auto sql = "SELECT " + in_units(context_.dialect.try_cast(
                                         context_.dialect.literal(stated.value), type));
        const auto answer = context_.measures.get(context_.keyed.table, sql,
                                                  [&] { return context_.connection.query(sql); });
        const auto* units = std::get_if<double>(&answer.rows.at(0).at(0));
        if (units == nullptr || !std::isfinite(*units))
            throw Error({fault_.problem(
                fmt::format("/params/along/{}", key), fmt::format("\"{}\"", stated.value),
                fmt::format("a value of {}, a {}, or a share of the way as a number from 0 to 1",
                            column_.name, column_.type))});
        return (*units - first_) / span_;
    }
    /// Not of a relation without rows, which is asked only whether things fit.
    [[nodiscard]] bool known() const { return known_; }

  private:
    static const engine::Column& column_of(const SelectionContext& context, const Fault& fault) {
        const auto& site = context.keyed.site;
        const auto& stated = fault.selection().along->column;
        return site.columns.at(position_of(site.columns, stated.empty() ? site.batch : stated));
    }
    /// A number as it is, a date or timestamp in seconds.
    [[nodiscard]] std::string in_units(const std::string& expression) const {
        const auto floating = context_.dialect.type_for(TypeFamily::floating);
        return is_of_type(column_.family, "numeric")
                   ? context_.dialect.cast(expression, floating)
                   : context_.dialect.cast(fmt::format("extract(epoch FROM {})", expression),
                                           floating);
    }

    const SelectionContext& context_;
    const Fault& fault_;
    const engine::Column& column_;
    std::string value_, finite_;
    double first_ = 0, span_ = 1;
    bool known_ = false;
};

/// The curve at the place `x`, which is finite: what core/dose_curve.cpp does, in SQL.
std::string height(const DoseCurve& curve, const std::string& x, const engine::Dialect& dialect) {
    const auto number = [&](double value) { return dialect.literal(value); };
    const auto zero = number(0), one = number(1), s = number(curve.start), e = number(curve.end);
    switch (curve.shape) {
        case Shape::step:
            return fmt::format("CASE WHEN {} >= {} THEN {} ELSE {} END", x, s, one, zero);
        case Shape::spike:
            return fmt::format("CASE WHEN {0} >= {1} AND {0} <= {2} THEN {3} ELSE {4} END", x, s, e,
                               one, zero);
        case Shape::trend:
            return x;
        case Shape::ramp:
            return fmt::format(
                "CASE WHEN {0} <= {1} THEN {2} WHEN {0} >= {3} THEN {4} "
                "ELSE ({0} - {1}) / {5} END",
                x, s, zero, e, one, number(curve.end - curve.start));
        case Shape::season:
            // From nothing up to the full dose and back, once a cycle.
            return fmt::format(
                "CASE WHEN {0} < {1} OR {0} > {2} THEN {3} ELSE {4} - {4} * cos(({0} - {1}) * {5}) "
                "END",
                x, s, e, zero, number(0.5), number(curve.turn));
    }
    return {};
}

}  // namespace

std::string dose_sql(const SelectionContext& context, const Fault& fault) {
    const auto& along = *fault.selection().along;
    const Axis axis(context, fault);
    auto start = axis.place_of(along.start, "start"), end = axis.place_of(along.end, "end");
    along.settle(start, end);
    const bool bounded =
        along.shape == Shape::ramp || along.shape == Shape::spike || along.shape == Shape::season;
    if (bounded && axis.known() && !along.has_extent(start, end))
        throw Error({fault.problem(
            "/params/along",
            fmt::format("a start at {:.6g} and an end at {:.6g} of the way from the smallest value "
                        "to the largest",
                        start, end),
            "an end after the start")});
    DoseCurve curve{along.shape, axis.first(), axis.span(), start, end, 0};
    if (along.shape == Shape::season)
        curve.turn = along.cycles * 2 * std::acos(-1.0) / (end - start);
    if (auto native = axis.native(curve); !native.empty()) return native;
    return fmt::format("CASE WHEN {} THEN {} ELSE {} END", axis.finite(),
                       height(curve, axis.place(), context.dialect), context.dialect.literal(0.0));
}

}  // namespace faultline::plugin
