#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "faultline/plugin.h"
#include "faultline/sdk/relation.hpp"

namespace faultline::sdk {

/// One call from the host: how severe, the dialect's way to say things, and the rows and draws of
/// this perturbation. Valid until the plugin returns; used on the calling thread only.
class Call {
  public:
    explicit Call(const faultline_call& raw) : severity_(raw.severity), host_(raw.host) {}

    /// In (0, 1]: the host never calls for 0.
    [[nodiscard]] double severity() const { return severity_; }
    /// Does the row's share of the severity differ from row to row (the user's `along`)?
    [[nodiscard]] bool doses_rows() const { return dose() != "1"; }
    /// That share: SQL of a DOUBLE in (0, 1] on selected rows, "1" where rows do not differ.
    [[nodiscard]] std::string dose() const {
        return knows(offsetof(faultline_host, dose)) && host_->dose != nullptr
                   ? host_->dose(host_->context)
                   : "1";
    }
    /// `full` at this severity and the row's share of it: severity · dose · full, as SQL of a
    /// DOUBLE. A plain number where rows do not differ. For plugins that say "doses_rows".
    [[nodiscard]] std::string dosed(double full) const {
        const auto most = number(severity_ * full);
        return doses_rows() ? "(" + most + " * " + dose() + ")" : most;
    }
    /// The row's severity: SQL of a DOUBLE in (0, 1] on selected rows.
    [[nodiscard]] std::string row_severity() const { return dosed(1); }

    /// @name SQL text
    /// @{
    [[nodiscard]] std::string quote(const std::string& identifier) const {
        return host_->quote(host_->context, identifier.c_str());
    }
    [[nodiscard]] std::string quote(const Column& column) const { return quote(column.name); }
    [[nodiscard]] std::string text(const std::string& value) const {
        return host_->text(host_->context, value.c_str());
    }
    [[nodiscard]] std::string number(double value) const {
        return host_->number(host_->context, value);
    }
    [[nodiscard]] std::string cast(const std::string& expression, const std::string& type) const {
        return host_->cast(host_->context, expression.c_str(), type.c_str());
    }
    /// NULL where the cast fails.
    [[nodiscard]] std::string try_cast(const std::string& expression,
                                       const std::string& type) const {
        return host_->try_cast(host_->context, expression.c_str(), type.c_str());
    }
    /// `a IS DISTINCT FROM b`.
    [[nodiscard]] std::string differs(const std::string& a, const std::string& b) const {
        return host_->differs(host_->context, a.c_str(), b.c_str());
    }
    /// The same for two values of the column's type.
    [[nodiscard]] std::string differs(const Column& column, const std::string& a,
                                      const std::string& b) const {
        return knows(offsetof(faultline_host, differs_as)) && host_->differs_as != nullptr
                   ? host_->differs_as(host_->context, column.type.c_str(), a.c_str(), b.c_str())
                   : differs(a, b);
    }
    /// `x` cut to what lies between `low` and `high`, all of them SQL of a DOUBLE. NULL and NaN
    /// stay as they are.
    [[nodiscard]] std::string clamped(const std::string& x, const std::string& low,
                                      const std::string& high) const {
        if (knows(offsetof(faultline_host, clamped)) && host_->clamped != nullptr)
            return host_->clamped(host_->context, x.c_str(), low.c_str(), high.c_str());
        // NaN sorts above every number.
        return "CASE WHEN " + x + " > " + high + " AND " + x +
               " <= " + number(std::numeric_limits<double>::infinity()) + " THEN " + high +
               " WHEN " + x + " < " + low + " THEN " + low + " ELSE " + x + " END";
    }
    [[nodiscard]] std::string type_name(Family family) const {
        return host_->type_name(host_->context, static_cast<std::int32_t>(family));
    }
    /// The column as a DOUBLE.
    [[nodiscard]] std::string as_double(const Column& column) const {
        return cast(quote(column), type_name(Family::floating));
    }
    /// `time` (SQL of a date or timestamp of the column's type) moved by `amount` (SQL of a number)
    /// of a unit: "day", "second", … A DOUBLE, since more seconds than 2³¹ are no rare thing.
    [[nodiscard]] std::string moved(const Column& column, const std::string& time,
                                    const std::string& amount, const std::string& unit) const {
        return cast(time + " + " + cast(text("1 " + unit), type_name(Family::interval)) + " * " +
                        cast(amount, type_name(Family::floating)),
                    column.type);
    }
    /// A number put back into the column's type, rounded where the type has no fractions. Where the
    /// result does not fit the type, the row keeps what it had.
    [[nodiscard]] std::string back_to(const Column& column, const std::string& number_sql) const {
        const auto whole =
            column.family == Family::integer ? "round(" + number_sql + ")" : number_sql;
        return "coalesce(" + try_cast(whole, column.type) + ", " + quote(column) + ")";
    }
    /// As back_to, for arithmetic that is NULL where the column is NULL and nowhere else: a DOUBLE
    /// then holds every result, and nothing needs looking at twice.
    [[nodiscard]] std::string computed(const Column& column, const std::string& number_sql) const {
        return column.type == type_name(Family::floating) ? number_sql
                                                          : back_to(column, number_sql);
    }
    /// @}

    /// @name Rows and draws: SQL expressions over relation.from()
    /// @{
    [[nodiscard]] std::string selected() const { return host_->selected(host_->context); }
    /// Is it one of the rows that the selection chooses from (`where`)?
    [[nodiscard]] std::string eligible() const { return host_->eligible(host_->context); }
    [[nodiscard]] std::string uniform(std::uint32_t index) const {
        return host_->uniform(host_->context, index);
    }
    [[nodiscard]] std::string normal(std::uint32_t index) const {
        return host_->normal(host_->context, index);
    }
    /// N(0, deviation²): `deviation` times normal(index), drawn at once where the engine can.
    [[nodiscard]] std::string normal(std::uint32_t index, double deviation) const {
        return knows(offsetof(faultline_host, normal_of)) && host_->normal_of != nullptr
                   ? host_->normal_of(host_->context, index, deviation)
                   : "(" + number(deviation) + " * " + normal(index) + ")";
    }
    /// Is uniform(index) below `share`? SQL of a BOOLEAN, in less time than comparing the two
    /// takes.
    [[nodiscard]] std::string below(std::uint32_t index, double share) const {
        return knows(offsetof(faultline_host, uniform_below)) && host_->uniform_below != nullptr
                   ? host_->uniform_below(host_->context, index, share)
                   : "(" + uniform(index) + " < " + number(share) + ")";
    }
    /// One of `choices` (SQL of one type), each as likely, by uniform(index). By halves: a choice
    /// among n asks a row log2(n) questions, not n.
    [[nodiscard]] std::string chosen(std::uint32_t index,
                                     const std::vector<std::string>& choices) const {
        if (choices.empty()) throw std::logic_error("chosen: there is nothing to choose from");
        return chosen(index, choices, 0, choices.size());
    }
    [[nodiscard]] std::string key() const { return host_->key(host_->context); }
    [[nodiscard]] std::string rank() const { return host_->rank(host_->context); }
    /// Unit batch: identifies the row's batch.
    [[nodiscard]] std::string batch() const { return host_->batch(host_->context); }
    /// @}

    /// One SQL aggregate over the relation as first received, computed once for all trials.
    [[nodiscard]] std::optional<double> measure(const std::string& aggregate) const {
        faultline_error error{};
        error.size = sizeof error;
        double value = 0;
        int is_null = 0;
        if (host_->measure(host_->context, aggregate.c_str(), &value, &is_null, &error) !=
            FAULTLINE_OK)
            throw std::runtime_error(error.message);
        return is_null != 0 ? std::nullopt : std::optional(value);
    }
    /// One value of the relation as this fault receives it: `select` is one SELECT of one row and
    /// one text column over relation.from(). As SQL of a text; nothing where it is NULL.
    [[nodiscard]] std::optional<std::string> value(const std::string& select) const {
        if (!knows(offsetof(faultline_host, value)) || host_->value == nullptr)
            throw std::runtime_error("this host is older than the plugin: it looks up no values");
        faultline_error error{};
        error.size = sizeof error;
        const char* literal = nullptr;
        if (host_->value(host_->context, select.c_str(), &literal, &error) != FAULTLINE_OK)
            throw std::runtime_error(error.message);
        return literal == nullptr ? std::nullopt : std::optional<std::string>(literal);
    }
    /// The same as a literal of the column's type: `select` is of one value of it. Looked up where
    /// it stands if the type does not read its own text back.
    [[nodiscard]] std::string looked_up(const Column& column, const std::string& select) const {
        const bool reads_back = column.family <= Family::timestamp;
        if (!reads_back) return "(" + select + ")";
        const auto known = value("SELECT " + cast("value", type_name(Family::text)) + " FROM (" +
                                 select + ") AS \"__fl_value\"(value)");
        return cast(known.value_or("NULL"), column.type);
    }
    /// A table of what `select`, one SELECT over relation.from(), returns; what goes after FROM.
    /// For what would otherwise be sorted, grouped or paired again in the count and in every
    /// statement that reads the relation. Made once for all trials where `select` names neither
    /// what is hit nor a draw and rows are as first received, else for this trial. The host drops
    /// it.
    [[nodiscard]] std::string table(const std::string& select) const {
        if (!knows(offsetof(faultline_host, table)) || host_->table == nullptr)
            throw std::runtime_error("this host is older than the plugin: it makes no tables");
        faultline_error error{};
        error.size = sizeof error;
        const char* name = nullptr;
        if (host_->table(host_->context, select.c_str(), &name, &error) != FAULTLINE_OK)
            throw std::runtime_error(error.message);
        return name;
    }
    /// Values that rows look up by place: see faultline_host::hold, and Lookup, which looks up in a
    /// table where nothing is held. `select` is of a BIGINT, the place, and of values.
    [[nodiscard]] std::optional<std::uint32_t> hold(const std::string& select,
                                                    std::int64_t places) const {
        if (!knows(offsetof(faultline_host, held_at)) || host_->hold == nullptr ||
            host_->held_at == nullptr)
            return std::nullopt;
        faultline_error error{};
        error.size = sizeof error;
        std::uint32_t held = 0;
        if (host_->hold(host_->context, select.c_str(), places, &held, &error) != FAULTLINE_OK)
            throw std::runtime_error(error.message);
        return held == 0 ? std::nullopt : std::optional(held);
    }
    /// SQL of the value at `place` in one of the columns that are held.
    [[nodiscard]] std::string held_at(std::uint32_t held, std::uint32_t column,
                                      const std::string& place) const {
        return host_->held_at(host_->context, held, column, place.c_str());
    }
    /// Are the rows as first received, so that key() and rank() are each row's own? Behind another
    /// fault of a stack there may be copies.
    [[nodiscard]] bool rows_unique() const { return (rows() & FAULTLINE_ROWS_UNIQUE) != 0; }
    /// Does a scan give the rows in the order of rank() as well? Then lag(x) OVER () is the row
    /// before by rank, and nothing is sorted.
    [[nodiscard]] bool rows_in_order() const { return (rows() & FAULTLINE_ROWS_IN_ORDER) != 0; }

    /// The column's standard deviation in its own unit, over its finite values; 0 where there is
    /// none. The aggregate is ordered: floating sums depend on the order in which threads feed
    /// them.
    [[nodiscard]] double deviation(const Column& column) const {
        return measure("stddev_samp(" + finite(column) + " ORDER BY " + as_double(column) + ")")
            .value_or(0);
    }

    /// The column as a DOUBLE where it is a finite number, else NULL.
    [[nodiscard]] std::string finite(const Column& column) const {
        const auto x = as_double(column);
        if (column.family == Family::decimal ||
            (column.family == Family::integer && column.type != "BIGNUM"))
            return x;
        return "CASE WHEN abs(" + x + ") < " + number(1e300) + " THEN " + x + " END";
    }
    /// The mean of the finite values as first received; ordered, as every floating sum.
    [[nodiscard]] std::optional<double> mean(const Column& column) const {
        return measure("avg(" + finite(column) + " ORDER BY " + as_double(column) + ")");
    }
    /// A quantile of the column's finite values as first received, in its own unit; between two
    /// values it is interpolated. Nothing where there is no value.
    [[nodiscard]] std::optional<double> quantile(const Column& column, double share) const {
        return measure("percentile_cont(" + number(share) + ") WITHIN GROUP (ORDER BY " +
                       finite(column) + ")");
    }
    /// The smallest and the largest finite value, as first received.
    [[nodiscard]] std::optional<double> smallest(const Column& column) const {
        return measure("min(" + finite(column) + ")");
    }
    [[nodiscard]] std::optional<double> largest(const Column& column) const {
        return measure("max(" + finite(column) + ")");
    }
    /// A value the user stated, as a literal of the column's type. Throws ParamError, naming
    /// `param`, where the type cannot hold it.
    [[nodiscard]] std::string constant(const Column& column, const std::string& value,
                                       const std::string& param) const {
        const auto literal = try_cast(text(value), column.type);
        auto wrong = literal + " IS NULL";
        // A half would be written as a whole number, which is not what was stated.
        if (column.family == Family::integer || column.family == Family::decimal)
            wrong += " OR " + cast(literal, type_name(Family::floating)) + " <> " +
                     try_cast(text(value), type_name(Family::floating));
        // Of no rows, too: this is asked before anything runs.
        if (measure("CASE WHEN " + wrong + " THEN 1 ELSE 0 END + 0 * count(*)") != 0.0)
            throw ParamError(param + " is \"" + value + "\", which column " + column.name +
                             " cannot hold: it is a " + column.type);
        return cast(text(value), column.type);
    }

    /// For transforms: adds to the answer key. "rows_added", "rows_removed", "rows_changed",
    /// "cells:<column>" or "identity".
    void count(const std::string& what, std::int64_t units) const {
        host_->count(host_->context, what.c_str(), units);
    }
    /// For file() and before_run(): a draw in (0, 1) that belongs to a unit (a record, a byte's
    /// position, a call), independent by index.
    [[nodiscard]] double draw(std::int64_t unit, std::uint32_t index) const {
        return host_->draw(host_->context, unit, index);
    }
    /// Sleeps. Throws Cancelled when the trial is stopped or out of time.
    void wait(double seconds) const {
        if (host_->wait(host_->context, seconds) != 0) throw Cancelled();
    }
    [[nodiscard]] bool cancelled() const { return host_->cancelled(host_->context) != 0; }
    void debug(const std::string& message) const { host_->log(host_->context, 0, message.c_str()); }
    void info(const std::string& message) const { host_->log(host_->context, 1, message.c_str()); }
    void warn(const std::string& message) const { host_->log(host_->context, 2, message.c_str()); }

  private:
    /// Of the choices from `first` to before `end`, one at least.
    [[nodiscard]] std::string chosen(std::uint32_t index, const std::vector<std::string>& choices,
                                     std::size_t first, std::size_t end) const {
        if (end - first == 1) return choices[first];
        const auto middle = first + (end - first) / 2;
        const auto share = static_cast<double>(middle) / static_cast<double>(choices.size());
        return "(CASE WHEN " + below(index, share) + " THEN " +
               chosen(index, choices, first, middle) + " ELSE " +
               chosen(index, choices, middle, end) + " END)";
    }
    [[nodiscard]] std::uint32_t rows() const {
        return knows(offsetof(faultline_host, rows)) && host_->rows != nullptr
                   ? host_->rows(host_->context)
                   : 0;
    }
    /// Does this host have the function at this place of its table? Older ones end before it.
    [[nodiscard]] bool knows(std::size_t offset) const {
        return host_->size >= offset + sizeof(void (*)());
    }

    double severity_;
    const faultline_host* host_;
};

}  // namespace faultline::sdk
