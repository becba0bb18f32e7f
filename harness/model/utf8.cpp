#include "model/utf8.h"

#include <fmt/format.h>

namespace faultline::model {
namespace {

unsigned byte_at(std::string_view text, std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
}

bool is_continuation(unsigned byte) {
    return (byte & 0xc0u) == 0x80u;
}

/// Length of the well-formed character at `i`, or 0.
std::size_t character_length(std::string_view text, std::size_t i) {
    const unsigned first = byte_at(text, i);
    if (first < 0x80u) return 1;
    if (first < 0xc2u || first > 0xf4u) return 0;
    // The second byte alone decides on overlong forms, surrogates and the upper end.
    unsigned low = 0x80u, high = 0xbfu;
    if (first == 0xe0u) low = 0xa0u;
    if (first == 0xedu) high = 0x9fu;
    if (first == 0xf0u) low = 0x90u;
    if (first == 0xf4u) high = 0x8fu;
    const unsigned second = byte_at(text, i + 1);
    if (second < low || second > high) return 0;
    const std::size_t length = first < 0xe0u ? 2 : first < 0xf0u ? 3 : 4;
    for (std::size_t k = 2; k < length; ++k)
        if (!is_continuation(byte_at(text, i + k))) return 0;
    return length;
}

}  // namespace

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = character_length(text, i);
        if (length == 0) return i;
        i += length;
    }
    return std::nullopt;
}

bool has_control_character(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const unsigned byte = byte_at(text, i);
        if (byte < 0x20u || byte == 0x7fu) return true;
        if (byte == 0xc2u && byte_at(text, i + 1) < 0xa0u) return true;
    }
    return false;
}

std::string printable(std::string_view text, std::size_t longest) {
    std::string result;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = character_length(text, i);
        const std::string_view character = length == 0 ? "\uFFFD" : text.substr(i, length);
        if (result.size() + character.size() > longest) return result + "…";
        if (has_control_character(character)) {
            result += fmt::format("\\u{:04x}", byte_at(text, i + length - 1));
        } else {
            result += character;
        }
        i += std::max<std::size_t>(1, length);
    }
    return result;
}

}  // namespace faultline::model
