#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace faultline::model {

/// "line 3, column 14" of a byte offset, both from 1, columns in characters.
std::string line_and_column(std::string_view text, std::size_t offset);

/// A parser's complaint in words for people.
struct SyntaxError {
    std::string found;  ///< with line and column
    std::string expected;
};

/// `raw` is nlohmann/json's message, `position` the number of bytes it had read; when the two have
/// no known form, the raw text is handed on as it is.
SyntaxError explain_syntax_error(std::string_view text, std::string raw, std::size_t position);

}  // namespace faultline::model
