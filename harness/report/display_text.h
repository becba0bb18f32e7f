#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::report {

/// Text as a terminal shows it. Widths are in columns ("cells") of a terminal with a monospaced
/// font: East Asian wide and fullwidth characters and emoji take two, combining marks and joiners
/// none. A close approximation of UAX #11 by ranges, not a full table; what it misses is an
/// alignment, never a character. No locale is consulted.

/// `text` made harmless: control characters, line separators and the marks that reorder text become
/// \n, \t, \x1b or \u202e, and bytes that are not UTF-8 become U+FFFD. Names and messages come from
/// other people's documents and must not be able to write to somebody's terminal. Idempotent but
/// for the backslash, which is left alone.
std::string shown(std::string_view text);

/// Columns that `text` (already shown()) takes.
std::size_t width_of(std::string_view text);

/// At most `width` columns of `text`, the last of them "…" where something was cut off.
std::string cut(std::string_view text, std::size_t width);

/// Words in lines of at most `width` columns; a longer word stands alone, uncut, so that it can be
/// copied whole. At least one line.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

/// The same for a narrow column: a word that is too long is broken as well, behind the last mark
/// that joins its parts (a_long_name, a.b, a-b) if there is one.
std::vector<std::string> folded(std::string_view text, std::size_t width);

}  // namespace faultline::report
