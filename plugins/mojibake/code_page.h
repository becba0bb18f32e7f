#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace faultline::mojibake {

/// What Windows-1252 has at 0x80…0x9F, where Latin-1 has control characters; 0: nothing.
inline constexpr std::array<char32_t, 32> windows_1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

/// A character of one byte: as the code page reads it. A byte that it does not know stays the
/// control character of that number, as browsers take it.
inline char32_t decoded(unsigned char byte, bool windows) {
    if (windows && byte >= 0x80 && byte < 0xA0 && windows_1252[byte - 0x80u] != 0)
        return windows_1252[byte - 0x80u];
    return byte;
}

/// The byte that the code page has for a character, or none.
inline std::optional<unsigned char> encoded(char32_t character, bool windows) {
    if (windows)
        for (std::size_t i = 0; i < windows_1252.size(); ++i)
            if (windows_1252[i] == character) return static_cast<unsigned char>(0x80 + i);
    if (character < 0x80 || (character >= 0xA0 && character < 0x100))
        return static_cast<unsigned char>(character);
    return std::nullopt;
}

inline std::string utf8(char32_t c) {
    const auto byte = [](char32_t value) { return static_cast<char>(value); };
    if (c < 0x80) return {byte(c)};
    if (c < 0x800) return {byte(0xC0 | (c >> 6)), byte(0x80 | (c & 0x3F))};
    if (c < 0x10000)
        return {byte(0xE0 | (c >> 12)), byte(0x80 | ((c >> 6) & 0x3F)), byte(0x80 | (c & 0x3F))};
    return {byte(0xF0 | (c >> 18)), byte(0x80 | ((c >> 12) & 0x3F)), byte(0x80 | ((c >> 6) & 0x3F)),
            byte(0x80 | (c & 0x3F))};
}

/// The bytes of the character at `at`: one where they are no UTF-8.
inline std::size_t length_at(std::string_view text, std::size_t at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0xC2   ? 1
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF5 ? 4
                                             : 1;
    if (at + length > text.size()) return 1;
    for (std::size_t i = 1; i < length; ++i)
        if ((text[at + i] & 0xC0) != 0x80) return 1;
    return length;
}

/// The character that `bytes`, whole ones of length_at(), are.
inline char32_t character_of(std::string_view bytes) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    if (bytes.size() == 1) return at(0);
    char32_t c = at(0) & (0xFFu >> (bytes.size() + 1));
    for (std::size_t i = 1; i < bytes.size(); ++i) c = (c << 6) | (at(i) & 0x3Fu);
    return c;
}

}  // namespace faultline::mojibake
