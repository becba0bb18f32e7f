#include "engine/arrow_layout.h"

#include <charconv>

namespace faultline::engine {
namespace {

/// Reads a number off the front of `text`; nullopt when there is none.
std::optional<std::int64_t> take_number(std::string_view& text) {
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

std::optional<ArrowLayout> fixed(std::int64_t width) {
    return ArrowLayout{ArrowShape::fixed, width, false, 0};
}

std::optional<ArrowLayout> sized(ArrowShape shape, std::string_view text) {
    constexpr std::int64_t widest = 1 << 20;
    const auto width = take_number(text);
    if (!width || *width < 1 || *width > widest || !text.empty()) return std::nullopt;
    return ArrowLayout{shape, *width, false, 0};
}

/// "precision,scale" or "precision,scale,128".
std::optional<ArrowLayout> decimal(std::string_view text) {
    const auto precision = take_number(text);
    if (!precision || *precision < 1 || *precision > 38 || !text.starts_with(','))
        return std::nullopt;
    text.remove_prefix(1);
    const auto scale = take_number(text);
    if (!scale || *scale < 0 || *scale > *precision) return std::nullopt;
    if (!text.empty() && text != ",128") return std::nullopt;
    return ArrowLayout{ArrowShape::fixed, 16, false, static_cast<unsigned>(*precision)};
}

}  // namespace

std::optional<ArrowLayout> layout_of(std::string_view format) {
    if (format == "n") return ArrowLayout{};
    if (format == "b") return ArrowLayout{ArrowShape::bits, 0, false, 0};
    if (format == "c" || format == "C") return fixed(1);
    if (format == "s" || format == "S") return fixed(2);
    if (format == "i" || format == "I" || format == "f" || format == "tdD" || format == "tts" ||
        format == "ttm" || format == "tiM")
        return fixed(4);
    if (format == "l" || format == "L" || format == "g" || format == "tdm" || format == "ttu" ||
        format == "ttn" || format == "tiD" || format == "tDs" || format == "tDm" ||
        format == "tDu" || format == "tDn")
        return fixed(8);
    if (format.size() >= 4 && format.starts_with("ts") && format[3] == ':' &&
        std::string_view("smun").find(format[2]) != std::string_view::npos)
        return fixed(8);
    if (format == "tin") return fixed(16);
    if (format == "u" || format == "U") return ArrowLayout{ArrowShape::text, 0, format == "U", 0};
    if (format == "z" || format == "Z") return ArrowLayout{ArrowShape::binary, 0, format == "Z", 0};
    if (format.starts_with("w:")) return sized(ArrowShape::fixed, format.substr(2));
    if (format.starts_with("d:")) return decimal(format.substr(2));
    if (format == "+l" || format == "+L")
        return ArrowLayout{ArrowShape::list, 0, format == "+L", 0};
    if (format.starts_with("+w:")) return sized(ArrowShape::fixed_list, format.substr(3));
    if (format == "+s") return ArrowLayout{ArrowShape::structure, 0, false, 0};
    if (format == "+m") return ArrowLayout{ArrowShape::map, 0, false, 0};
    return std::nullopt;
}

}  // namespace faultline::engine
