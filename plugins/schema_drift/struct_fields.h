#pragma once

#include <string>
#include <vector>

namespace faultline::schema_drift {

/// The names of the fields of a nested type in the engine's spelling, STRUCT(a INTEGER, "b c"
/// VARCHAR[]), in their order; none for any other type.
inline std::vector<std::string> struct_fields(const std::string& type) {
    static const std::string opening = "STRUCT(";
    if (!type.starts_with(opening) || !type.ends_with(")")) return {};
    std::vector<std::string> fields;
    std::string name;
    int depth = 0;
    bool quoted = false, in_name = true;
    const auto end = type.size() - 1;
    for (auto at = opening.size(); at < end; ++at) {
        const char c = type[at];
        if (c == '"') {
            // Twice within quotes is the quote itself.
            const bool twice = quoted && at + 1 < end && type[at + 1] == '"';
            if (twice && in_name && depth == 0) name += c;
            if (twice)
                ++at;
            else
                quoted = !quoted;
            continue;
        }
        if (!quoted && c == '(') ++depth;
        if (!quoted && c == ')') --depth;
        if (!quoted && depth == 0 && c == ',') {
            in_name = true;
            ++at;  // and the blank after it
            continue;
        }
        if (!in_name || depth > 0) continue;
        if (!quoted && c == ' ') {
            fields.push_back(name);
            name.clear();
            in_name = false;
        } else {
            name += c;
        }
    }
    // Of an unnamed row nothing can be called anything.
    return depth == 0 && !quoted && !in_name ? fields : std::vector<std::string>{};
}

}  // namespace faultline::schema_drift
