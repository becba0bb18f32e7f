#include "model/syntax_error.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/utf8.h"

namespace faultline::model {
namespace {

/// What stands before `mark`, taken off `text` with the mark; everything when there is no mark.
std::string cut_at(std::string& text, std::string_view mark) {
    const std::size_t position = text.find(mark);
    std::string before = text.substr(0, position);
    text = position == std::string::npos ? "" : text.substr(position + mark.size());
    return before;
}

/// The last character before `offset` that is not white space, or 0.
char before(std::string_view text, std::size_t offset) {
    const std::size_t last = text.substr(0, offset).find_last_not_of(" \t\r\n");
    return last == std::string_view::npos ? '\0' : text[last];
}

}  // namespace

std::string line_and_column(std::string_view text, std::size_t offset) {
    const std::string_view head = text.substr(0, offset);
    const std::size_t line_start =
        head.rfind('\n') == std::string_view::npos ? 0 : head.rfind('\n') + 1;
    const auto line = 1 + std::count(head.begin(), head.end(), '\n');
    const std::string_view part = head.substr(line_start);
    const auto column = 1 + std::count_if(part.begin(), part.end(), [](char c) {
                            return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u;
                        });
    return fmt::format("line {}, column {}", line, column);
}

SyntaxError explain_syntax_error(std::string_view text, std::string raw, std::size_t position) {
    const std::size_t offset = position == 0 ? 0 : position - 1;
    const std::string place = line_and_column(text, offset);
    if (raw.find("] number overflow parsing") != std::string::npos) {
        cut_at(raw, "parsing ");
        return {fmt::format("the number {} at {}", printable(raw, 60), place),
                "a number that a double can hold"};
    }
    if (raw.find(" - ") == std::string::npos) return {printable(raw, 400), "valid JSON"};
    cut_at(raw, " - ");
    std::string expected;
    if (const std::size_t mark = raw.rfind("; expected "); mark != std::string::npos) {
        expected = raw.substr(mark + 11);
        raw.resize(mark);
    }
    const std::string detail = cut_at(raw, "; last read: ");
    if (detail == "unexpected end of input")
        return {"the end of the text at " + place, "the rest of the document"};
    if ((detail == "unexpected ']'" || detail == "unexpected '}'") && before(text, offset) == ',')
        return {fmt::format("a comma before {} at {}", detail.substr(11), place),
                "no comma after the last element"};
    if (expected == "end of input") expected = "nothing after the document";
    return {raw.empty() ? fmt::format("{} at {}", detail, place)
                        : fmt::format("{} (after {}) at {}", detail, printable(raw, 60), place),
            expected.empty() ? "valid JSON (comments are allowed)" : expected};
}

}  // namespace faultline::model
