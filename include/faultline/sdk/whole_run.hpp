#pragma once

#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <string>

#include "faultline/sdk/call.hpp"
#include "faultline/sdk/relation.hpp"

namespace faultline::sdk {

/// Whole numbers none of which is missing between the first and the last, as most keys and codes
/// are: the place of one among the different values is how far it is from the first, so that
/// nothing has to be looked up. Borrows its arguments.
class WholeRun {
  public:
    /// Nothing where the column is not like that. Asked once for all trials.
    static std::optional<WholeRun> of(const Column& column, const Relation& relation,
                                      const Call& call) {
        if (column.family != Family::integer) return std::nullopt;
        const auto cell = call.quote(column);
        const auto ends =
            call.value("SELECT " + as_text("min(" + cell + ")", call) + " || ' ' || " +
                       as_text("max(" + cell + ")", call) + " || ' ' || " +
                       as_text("count(*)", call) + " FROM " + relation.from());
        std::int64_t first = 0, last = 0, rows = 0;
        if (!ends || !read(*ends, {&first, &last, &rows})) return std::nullopt;
        // More numbers than rows cannot all be there: the different ones need not be counted.
        if (last - first >= rows) return std::nullopt;
        const auto many = call.value("SELECT " + as_text("count(DISTINCT " + cell + ")", call) +
                                     " FROM " + relation.from());
        std::int64_t different = 0;
        if (!many || !read(*many, {&different}) || different != last - first + 1)
            return std::nullopt;
        return WholeRun(column, call, first, different);
    }

    /// A place among the first `many` - 1 (one at least), each as likely, by the uniform `draw`: a
    /// BIGINT. A draw next to 1 times many may be rounded up to it.
    static std::string place_of_all_but_one(const std::string& draw, std::int64_t many,
                                            const Call& call) {
        return call.cast("floor(" + draw + " * " + call.number(static_cast<double>(many - 1)) + ")",
                         call.type_name(Family::integer)) +
               " % " + std::to_string(many - 1);
    }

    /// Are there two at least?
    [[nodiscard]] bool several() const { return many_ > 1; }
    /// SQL of the column's type: another one of the numbers than `cell` is, by uniform(draw); NULL
    /// where there is no other, or `cell` is NULL.
    [[nodiscard]] std::string other(const std::string& cell, std::uint32_t draw) const {
        if (many_ < 2) return call_.cast("NULL", column_.type);
        const auto whole = call_.type_name(Family::integer);
        // One of all but the last, and the last where that is the row's own, as OtherValues draws.
        const auto drawn = call_.cast(std::to_string(first_), whole) + " + " +
                           place_of_all_but_one(call_.uniform(draw), many_, call_);
        return call_.cast("CASE WHEN " + drawn + " = " + call_.cast(cell, whole) + " THEN " +
                              call_.cast(std::to_string(first_ + many_ - 1), whole) + " ELSE " +
                              drawn + " END",
                          column_.type);
    }

  private:
    WholeRun(const Column& column, const Call& call, std::int64_t first, std::int64_t many)
        : column_(column), call_(call), first_(first), many_(many) {}

    static std::string as_text(const std::string& number, const Call& call) {
        return call.cast(number, call.type_name(Family::text));
    }
    /// Reads an SQL text of whole numbers. False where one of them is too large to count from.
    static bool read(const std::string& literal, std::initializer_list<std::int64_t*> into) {
        const char* at = literal.c_str() + 1;  // behind the quote
        constexpr std::int64_t far = std::int64_t{1} << 52;
        for (auto* number : into) {
            char* end = nullptr;
            *number = std::strtoll(at, &end, 10);
            if (end == at || *number <= -far || *number >= far) return false;
            at = end;
        }
        return true;
    }

    const Column& column_;
    const Call& call_;
    std::int64_t first_, many_;
};

}  // namespace faultline::sdk
