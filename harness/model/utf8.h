#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace faultline::model {

/// Position of the first byte that is not well-formed UTF-8 (Unicode 15, table 3-7: no overlong
/// forms, no surrogates, nothing above U+10FFFF), or nullopt.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

/// Holds a control character: U+0000–U+001F, U+007F or U+0080–U+009F. `text` must be UTF-8.
bool has_control_character(std::string_view text);

/// `text` for a message: control characters as \u00XX, so that a document cannot write to
/// somebody's terminal, bytes that are no UTF-8 as U+FFFD (parsers quote what they have read so
/// far, which may end within a character), and at most `longest` bytes, cut between characters and
/// ended with "…". The bound keeps messages readable whatever the document holds.
std::string printable(std::string_view text, std::size_t longest = 80);

}  // namespace faultline::model
