#include "suggest/mentions.h"

#include <cctype>

#include "model/names.h"

namespace faultline::suggest {
namespace {

bool in_word(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || std::isalnum(byte) != 0 || c == '_' || c == '$';
}

/// Reads what stands between quotes from `at`, the opening one; a doubled quote is one of its
/// characters. Leaves `at` behind the closing one.
std::string quoted(const std::string& sql, std::size_t& at) {
    const char quote = sql[at++];
    std::string text;
    for (; at < sql.size(); ++at) {
        if (sql[at] == quote) {
            if (at + 1 >= sql.size() || sql[at + 1] != quote) break;
            ++at;
        }
        text += sql[at];
    }
    if (at < sql.size()) ++at;
    return text;
}

}  // namespace

std::set<std::string> identifiers_in(const std::string& sql) {
    std::set<std::string> found;
    for (std::size_t at = 0; at < sql.size();) {
        if (sql[at] == '\'') {
            quoted(sql, at);
        } else if (sql[at] == '"') {
            found.insert(model::fold_case(quoted(sql, at)));
        } else if (sql.compare(at, 2, "--") == 0) {
            at = std::min(sql.find('\n', at), sql.size());
        } else if (sql.compare(at, 2, "/*") == 0) {
            const auto end = sql.find("*/", at + 2);
            at = end == std::string::npos ? sql.size() : end + 2;
        } else if (in_word(sql[at])) {
            const auto begin = at;
            while (at < sql.size() && in_word(sql[at])) ++at;
            found.insert(model::fold_case(sql.substr(begin, at - begin)));
        } else {
            ++at;
        }
    }
    return found;
}

std::set<std::string> mentioned_after(const run::Workflow& workflow, graph::NodeIndex node) {
    std::set<std::string> found;
    const auto after = workflow.dag.descendants(node);
    for (std::size_t i = 0; i < after.size(); ++i)
        if (after[i] && i != node) found.merge(identifiers_in(workflow.text[i]));
    return found;
}

}  // namespace faultline::suggest
