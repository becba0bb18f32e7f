#include "engine/draw_sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/draws.h"
#include "core/normal_quantile.h"
#include "engine/native_draw.h"

namespace faultline::engine {
namespace {

constexpr const char* low_mask = "4294967295";
constexpr const char* multiplier = "73244475";
constexpr const char* last_fold = "2654435769";  // 0x9e3779b9, the golden ratio's fraction

std::string folded(const Dialect& dialect, const std::string& x) {
    return dialect.bit_xor(x, dialect.shift_right(x, 16));
}

std::string round_of(const Dialect& dialect, const std::string& x) {
    return fmt::format("(({} * {}) & {})", folded(dialect, x), multiplier, low_mask);
}

/// The draw as arithmetic, which defines the native one.
std::string portable_draw(const Dialect& dialect, const std::string& key_sql, std::uint64_t stream,
                          std::uint32_t index) {
    const std::string key_low = fmt::format("({} & {})", key_sql, low_mask);
    // An arithmetic shift of a negative key keeps its sign; the mask takes it away again.
    const std::string key_high =
        fmt::format("({} & {})", dialect.shift_right(key_sql, 32), low_mask);
    std::string x =
        round_of(dialect, dialect.bit_xor(key_low, std::to_string(stream & 0xffffffffu)));
    x = round_of(dialect, dialect.bit_xor(x, key_high));
    x = round_of(dialect, dialect.bit_xor(x, std::to_string(stream >> 32)));
    x = round_of(dialect, dialect.bit_xor(x, std::to_string(index)));
    x = round_of(dialect, dialect.bit_xor(x, last_fold));
    return folded(dialect, x);
}

/// By Horner's rule, in the order of polynomial7.
std::string polynomial(const Dialect& dialect, const double (&c)[8], const std::string& x) {
    std::string sum = dialect.literal(c[7]);
    for (int power = 6; power >= 0; --power)
        sum = fmt::format("({} * {} + {})", sum, x, dialect.literal(c[power]));
    return sum;
}

std::string ratio(const Dialect& dialect, const double (&top)[8], const double (&bottom)[8],
                  const std::string& x, const std::string& factor) {
    return fmt::format("{}{} / {}", factor, polynomial(dialect, top, x),
                       polynomial(dialect, bottom, x));
}

}  // namespace

std::string draw_expression(const Dialect& dialect, const std::string& key_sql,
                            std::uint64_t stream, std::uint32_t index) {
    return dialect.draws_natively() ? native_draw(key_sql, stream, index)
                                    : portable_draw(dialect, key_sql, stream, index);
}

std::string uniform_expression(const Dialect& dialect, const std::string& key_sql,
                               std::uint64_t stream, std::uint32_t index) {
    if (dialect.draws_natively()) return native_uniform(key_sql, stream, index);
    const std::string number = dialect.cast(portable_draw(dialect, key_sql, stream, index),
                                            dialect.type_for(TypeFamily::floating));
    return fmt::format("(({} + {}) / {})", number, dialect.literal(0.5),
                       dialect.literal(4294967296.0));
}

std::string below_expression(const Dialect& dialect, const std::string& key_sql,
                             std::uint64_t stream, std::uint32_t index, double share) {
    // Whole numbers compare in less time than numbers do. (draw + 1/2) / 2^32 < share: 33 binary
    // places are exact in a DOUBLE, so that this rounds nowhere. No key is below the smallest.
    const double draws = std::clamp(share, 0.0, 1.0) * 4294967296.0;
    const auto whole = std::floor(draws);
    const auto last = static_cast<std::int64_t>(whole) - (draws - whole > 0.5 ? 0 : 1);
    return up_to_expression(dialect, key_sql, stream, index, last,
                            std::numeric_limits<std::int64_t>::max());
}

std::string normal_expression(const Dialect& dialect, const std::string& key_sql,
                              std::uint64_t stream, std::uint32_t index, double deviation) {
    const auto at = first_normal_draw + index;
    if (dialect.draws_natively()) return native_normal(key_sql, stream, at, deviation);
    const auto middle =
        ratio(dialect, normal_middle_top, normal_middle_bottom, "\"__fl_r\"", "\"__fl_q\" * ");
    const auto tail = ratio(dialect, normal_tail_top, normal_tail_bottom, "\"__fl_t\"", "");
    const auto q =
        fmt::format("SELECT {} - {} AS \"__fl_q\"",
                    uniform_expression(dialect, key_sql, stream, at), dialect.literal(0.5));
    const auto arguments = fmt::format(
        "SELECT \"__fl_q\", {} - \"__fl_q\" * \"__fl_q\" AS \"__fl_r\", "
        "sqrt(-ln({} - abs(\"__fl_q\"))) - {} AS \"__fl_t\" FROM ({}) AS \"__fl_a\"",
        dialect.literal(0.180625), dialect.literal(0.5), dialect.literal(1.6), q);
    return fmt::format(
        "({} * (SELECT CASE WHEN abs(\"__fl_q\") <= {} THEN {} WHEN \"__fl_q\" < {} THEN -({}) "
        "ELSE {} "
        "END FROM ({}) AS \"__fl_b\"))",
        dialect.literal(deviation), dialect.literal(normal_middle), middle, dialect.literal(0.0),
        tail, tail, arguments);
}

std::string up_to_expression(const Dialect& dialect, const std::string& key_sql,
                             std::uint64_t stream, std::uint32_t index, std::int64_t last_draw,
                             std::int64_t last_key) {
    if (dialect.draws_natively()) return native_up_to(key_sql, stream, index, last_draw, last_key);
    return fmt::format("({0} < {1} OR ({0} = {1} AND {2} <= {3}))",
                       portable_draw(dialect, key_sql, stream, index), last_draw, key_sql,
                       last_key);
}

}  // namespace faultline::engine
