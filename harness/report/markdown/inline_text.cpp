#include "report/markdown/inline_text.h"

#include <algorithm>
#include <cctype>

#include "report/display_text.h"

namespace faultline::report::markdown {
namespace {

constexpr std::size_t longest_code = 60;

std::string_view entity(char c) {
    switch (c) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '@':
            return "&#64;";
        case '#':
            return "&#35;";
        default:
            return {};
    }
}

/// The longest row of backticks, and one more.
std::string fence_of(std::string_view text) {
    std::size_t longest = 0, row = 0;
    for (const char c : text) {
        row = c == '`' ? row + 1 : 0;
        longest = std::max(longest, row);
    }
    return std::string(std::max<std::size_t>(3, longest + 1), '`');
}

}  // namespace

std::string plain(std::string_view text) {
    std::string out;
    for (const char c : shown(text)) {
        if (const auto known = entity(c); !known.empty()) {
            out += known;
        } else {
            // A colon as such would let "https://…" become a link by itself.
            if (c == ':' && !out.empty() && out.back() == 's') {
                out += "&#58;";
                continue;
            }
            if (std::string_view("\\`*_[]|~!$").find(c) != std::string_view::npos) out += '\\';
            out += c;
        }
    }
    return out;
}

std::string code(std::string_view text) {
    const std::string safe = cut(shown(text), longest_code);
    if (safe.empty()) return {};
    const bool simple = std::all_of(safe.begin(), safe.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c >= 0x80 ||
               std::string_view("_-./:+= ").find(static_cast<char>(c)) != std::string_view::npos;
    });
    return simple ? "`" + safe + "`" : "<code>" + plain(safe) + "</code>";
}

std::string block(std::string_view text, const char* language) {
    const std::string fence = fence_of(text);
    return "\n" + fence + language + "\n" + std::string(text) + "\n" + fence + "\n";
}

}  // namespace faultline::report::markdown
