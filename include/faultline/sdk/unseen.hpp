#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include "faultline/sdk/call.hpp"
#include "faultline/sdk/relation.hpp"

namespace faultline::sdk {

/// Values that a column has nowhere in the relation as first received: keys of rows that are new,
/// references to nobody. One to one: equal values stay equal, different ones different.
///
/// The plugin sees one relation. So that a reference to nobody finds nobody in the one referred to
/// either, whose ids go further, the first set is a leap away: a whole number is moved up by a
/// power of ten that is a thousand times all that the column holds, or as much of that as its type
/// has room for. The n-th set (of keys that have to be new here and no more) is `n` spans above the
/// old values (largest − smallest + 1). Text gets a mark in front with which no value begins. What
/// does not fit the column's type goes below instead, else stays as it is.
class Unseen {
  public:
    static bool possible(const Column& column) {
        return column.family == Family::integer || column.family == Family::text;
    }
    /// Asks for the column's extremes, or the mark's uses. Throws ParamError for a column of
    /// another type and for a mark of which every longer form is in use.
    Unseen(const Column& column, const Call& call, std::string mark)
        : column_(column), call_(call) {
        if (!possible(column))
            throw ParamError("no new value can be made for " + column.name + ", a " + column.type +
                             ": only for whole numbers and text");
        if (column.family == Family::text)
            mark_ = unused(std::move(mark));
        else
            span_ = span();
    }

    /// The first set of unseen values, as SQL of the column's type.
    [[nodiscard]] std::string value() const {
        return column_.family == Family::text ? fitting(call_.text(mark_) + " || " + as_text())
                                              : moved_by(exact(leap_));
    }
    /// The n-th set; `n` is SQL of a whole number from 1 to `most`.
    [[nodiscard]] std::string value(const std::string& n, int most) const {
        if (column_.family == Family::integer && is_near(most))
            return call_.quote(column_) + " + " + n + " * " + call_.cast(span_, column_.type);
        if (column_.family == Family::integer)
            return moved_by(call_.cast(n, whole()) + " * " + exact(span_));
        const auto number = call_.cast(n, call_.type_name(Family::text));
        return fitting(call_.text(mark_) + " || " + number + " || " + call_.text("-") + " || " +
                       as_text());
    }

  private:
    /// Wide enough for sums of the column's values, and no wider: decimals take ten times as long.
    [[nodiscard]] std::string whole() const {
        const bool wide =
            column_.type.find("HUGE") != std::string::npos || column_.type == "BIGNUM";
        return wide ? "DECIMAL(38,0)" : "HUGEINT";
    }

    [[nodiscard]] std::string exact(const std::string& digits) const {
        return call_.cast(call_.text(digits), whole());
    }
    [[nodiscard]] std::string as_text() const {
        return call_.cast(call_.quote(column_), call_.type_name(Family::text));
    }
    [[nodiscard]] std::string fitting(const std::string& value) const {
        return "coalesce(" + call_.try_cast(value, column_.type) + ", " + call_.quote(column_) +
               ")";
    }
    [[nodiscard]] std::string moved_by(const std::string& amount) const {
        const auto old = call_.try_cast(call_.quote(column_), whole());
        return "coalesce(" + call_.try_cast(old + " + " + amount, column_.type) + ", " +
               call_.try_cast(old + " - " + amount, column_.type) + ", " + call_.quote(column_) +
               ")";
    }
    /// Does the n-th set stay far from the end of 64 bits, so that nobody need look whether it
    /// fits? Of rows as first received: an earlier fault may have left any number.
    [[nodiscard]] bool is_near(int n) const {
        return column_.type == call_.type_name(Family::integer) && call_.rows_unique() &&
               reach_ + n * std::strtod(span_.c_str(), nullptr) < 0x1p52;
    }
    [[nodiscard]] std::string span() {
        const auto value = call_.as_double(column_);
        const auto most = call_.measure("max(" + value + ")"),
                   least = call_.measure("min(" + value + ")");
        if (!most || !least) return "1";
        // A double may be off in its last place: rounded up, the span is wide enough all the same.
        const auto wide = std::ceil((*most - *least + 1) * (1 + 1e-15));
        reach_ = std::max(std::abs(*most), std::abs(*least));
        char digits[64];
        std::snprintf(digits, sizeof digits, "%.0f", wide);
        leap_ = leap(wide, largest() - *most).value_or(digits);
        return digits;
    }
    /// The power of ten by which values are moved, if there is room for one that clears the column.
    [[nodiscard]] std::optional<std::string> leap(double wide, double room) const {
        const auto far = 1000 * std::max(wide, reach_);
        std::string fits;
        double power = 1;
        for (std::string digits = "1"; power <= room; digits += '0', power *= 10) {
            if (power >= wide) fits = digits;
            if (power >= far) break;
        }
        return fits.empty() ? std::nullopt : std::optional(fits);
    }
    /// The largest value of the column's type, as far as it is safe to go.
    [[nodiscard]] double largest() const {
        const auto is = [&](const char* type) { return column_.type == type; };
        if (is("TINYINT")) return 127;
        if (is("UTINYINT")) return 255;
        if (is("SMALLINT")) return 32767;
        if (is("USMALLINT")) return 65535;
        if (is("INTEGER")) return 2147483647;
        if (is("UINTEGER")) return 4294967295;
        return 9e18;
    }
    [[nodiscard]] std::string unused(std::string mark) const {
        for (int longer = 0; longer < 20; ++longer, mark += "_") {
            const auto begins = "substr(" + as_text() + ", 1, " + std::to_string(letters(mark)) +
                                ") = " + call_.text(mark);
            if (call_.measure("count(CASE WHEN " + begins + " THEN 1 END)").value_or(0) == 0)
                return mark;
        }
        throw ParamError("values of " + column_.name + " begin with " + mark +
                         ": state another mark");
    }
    /// Code points, which is what SQL's substr counts.
    static std::size_t letters(const std::string& text) {
        std::size_t n = 0;
        for (const char c : text)
            if ((static_cast<unsigned char>(c) & 0xC0u) != 0x80u) ++n;
        return n;
    }

    Column column_;
    const Call& call_;
    std::string span_, leap_ = "1", mark_;
    double reach_ = 0;  ///< the largest absolute value
};

}  // namespace faultline::sdk
