#include "plugin/where_problem.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "model/names.h"

namespace faultline::plugin {
namespace {

bool in_word(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || std::isalnum(byte) != 0 || c == '_';
}

/// How a condition has a name: not at all, as the name of a column, of something with a column
/// behind a dot, or of what no column is meant by (a function, a field).
enum class Standing { nowhere, column, quoted_column, qualifier, other };

Standing standing_of(const std::string& name, const std::string& where) {
    const auto text = model::fold_case(where), word = model::fold_case(name);
    if (word.empty()) return Standing::nowhere;
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        auto before = at, after = at + word.size();
        const bool quoted =
            before > 0 && text[before - 1] == '"' && after < text.size() && text[after] == '"';
        if (quoted) {
            --before;
            ++after;
        } else if ((before > 0 && (in_word(text[before - 1]) || text[before - 1] == '\'')) ||
                   (after < text.size() && in_word(text[after]))) {
            continue;  // part of another word, or a text
        }
        if (before > 0 && text[before - 1] == '.') return Standing::other;
        while (after < text.size() && text[after] == ' ') ++after;
        if (after < text.size() && text[after] == '.') return Standing::qualifier;
        if (after < text.size() && text[after] == '(') return Standing::other;
        return quoted ? Standing::quoted_column : Standing::column;
    }
    return Standing::nowhere;
}

/// What stands in double quotes in an engine's message: the names that it is about.
std::vector<std::string> quoted_in(const std::string& message) {
    std::vector<std::string> names;
    for (auto open = message.find('"'); open != std::string::npos;) {
        const auto close = message.find('"', open + 1);
        if (close == std::string::npos) break;
        names.push_back(message.substr(open + 1, close - open - 1));
        open = message.find('"', close + 1);
    }
    return names;
}

std::string on_one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
    return text;
}

}  // namespace

Problem where_problem(const Fault& fault, const Site& site, const std::string& message) {
    const auto& where = fault.selection().where;
    const auto names = names_of(site.columns);
    const auto expected = fmt::format("an SQL condition over the columns of {}: {}", site.node,
                                      fmt::join(names, ", "));
    const auto found = [&](const std::string& what) {
        return fmt::format("\"{}\": {}", where, what);
    };
    // What a syntax error quotes is where it stands. The bracket is not the user's.
    const bool syntax = message.find("syntax error") != std::string::npos;
    if (syntax && message.ends_with("near \")\"") && where.find(')') == std::string::npos)
        return fault.problem("/params/where", found("it ends where something has to follow"),
                             expected);
    for (const auto& name : syntax ? std::vector<std::string>() : quoted_in(message)) {
        if (position_of(site.columns, name) < site.columns.size()) continue;
        const auto standing = standing_of(name, where);
        if (standing == Standing::column || standing == Standing::quoted_column)
            return fault.problem(
                "/params/where", found(fmt::format("there is no column \"{}\"", name)),
                expected + (standing == Standing::quoted_column
                                ? fmt::format("; a text stands in single quotes: '{}'", name)
                                : ""),
                nearest_name(name, names));
        if (standing == Standing::qualifier)
            return fault.problem("/params/where",
                                 found(fmt::format("there is no \"{}\" to have columns", name)),
                                 expected + "; by their names alone", nearest_name(name, names));
    }
    return fault.problem("/params/where", found(on_one_line(message)), expected);
}

}  // namespace faultline::plugin
