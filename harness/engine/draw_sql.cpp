#include "engine/draw_sql.h"

#include <fmt/format.h>

namespace faultline::engine {
namespace {

constexpr const char* low_mask = "4294967295";
constexpr const char* multiplier = "73244475";
constexpr const char* last_fold = "2654435769";  // 0x9e3779b9, the golden ratio's fraction
constexpr std::uint32_t first_normal_draw = 1000;

std::string folded(const Dialect& dialect, const std::string& x) {
    return dialect.bit_xor(x, dialect.shift_right(x, 16));
}

std::string round_of(const Dialect& dialect, const std::string& x) {
    return fmt::format("(({} * {}) & {})", folded(dialect, x), multiplier, low_mask);
}

}  // namespace

std::string portable_draw(const Dialect& dialect, const std::string& key_sql,
                          const std::string& low_sql, const std::string& high_sql,
                          const std::string& index_sql) {
    const std::string key_low = fmt::format("({} & {})", key_sql, low_mask);
    // An arithmetic shift of a negative key keeps its sign; the mask takes it away again.
    const std::string key_high =
        fmt::format("({} & {})", dialect.shift_right(key_sql, 32), low_mask);
    std::string x = round_of(dialect, dialect.bit_xor(key_low, low_sql));
    x = round_of(dialect, dialect.bit_xor(x, key_high));
    x = round_of(dialect, dialect.bit_xor(x, high_sql));
    x = round_of(dialect, dialect.bit_xor(x, index_sql));
    x = round_of(dialect, dialect.bit_xor(x, last_fold));
    return folded(dialect, x);
}

std::string draw_expression(const Dialect& dialect, const std::string& key_sql,
                            std::uint64_t stream, std::uint32_t index) {
    const std::string low = std::to_string(stream & 0xffffffffu);
    const std::string high = std::to_string(stream >> 32);
    const std::string function = dialect.draw_function();
    if (function.empty()) return portable_draw(dialect, key_sql, low, high, std::to_string(index));
    return fmt::format("{}({}, {}, {}, {})", function, key_sql, low, high, index);
}

std::string uniform_expression(const Dialect& dialect, const std::string& key_sql,
                               std::uint64_t stream, std::uint32_t index) {
    const std::string number = dialect.cast(draw_expression(dialect, key_sql, stream, index),
                                            dialect.type_for(TypeFamily::floating));
    return fmt::format("(({} + {}) / {})", number, dialect.literal(0.5),
                       dialect.literal(4294967296.0));
}

std::string normal_expression(const Dialect& dialect, const std::string& key_sql,
                              std::uint64_t stream, std::uint32_t index) {
    const std::uint32_t first = first_normal_draw + 2 * index;
    return fmt::format("(sqrt({} * ln({})) * cos({} * {}))", dialect.literal(-2.0),
                       uniform_expression(dialect, key_sql, stream, first),
                       dialect.literal(6.283185307179586),
                       uniform_expression(dialect, key_sql, stream, first + 1));
}

}  // namespace faultline::engine
