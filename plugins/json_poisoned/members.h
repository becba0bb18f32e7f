#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace faultline::json_poisoned {

/// A member of an object as it stands in the text: positions of its key, quotes included, and of
/// its value.
struct Member {
    std::size_t key, key_end, value, value_end;
};

/// The end of the JSON value that begins at `at`, or of the text.
inline std::size_t end_of_value(std::string_view text, std::size_t at) {
    int depth = 0;
    bool in_text = false;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (in_text) {
            if (c == '\\') {
                ++at;
            } else if (c == '"') {
                in_text = false;
                if (depth == 0) return at + 1;
            }
        } else if (c == '"') {
            in_text = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            if (depth == 0) return at;
            if (--depth == 0) return at + 1;
        } else if (depth == 0 && (c == ',' || c == ' ' || c == '\t' || c == '\r' || c == '\n')) {
            return at;
        }
    }
    return text.size();
}

/// The members of an object, in order; none of anything else, or of what is broken already.
inline std::vector<Member> members_of(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    const auto after = [&](std::size_t at) {
        return std::min(text.find_first_not_of(space, at), text.size());
    };
    std::vector<Member> out;
    auto at = after(0);
    if (at >= text.size() || text[at] != '{') return {};
    at = after(at + 1);
    while (at < text.size() && text[at] == '"') {
        Member member{at, end_of_value(text, at), 0, 0};
        at = after(member.key_end);
        if (at >= text.size() || text[at] != ':') return {};
        member.value = after(at + 1);
        member.value_end = end_of_value(text, member.value);
        out.push_back(member);
        at = after(member.value_end);
        if (at >= text.size()) return {};
        if (text[at] == ',') at = after(at + 1);
    }
    return out;
}

}  // namespace faultline::json_poisoned
