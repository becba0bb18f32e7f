#include "plugin/column_choice.h"

#include <algorithm>

#include "model/names.h"

namespace faultline::plugin {
/// Greedy matching with one point of return: linear for the patterns people write.
bool matches(const std::string& text, const std::string& pattern) {
    std::size_t t = 0, p = 0, star = std::string::npos, resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star != std::string::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

const std::vector<std::string>& column_types() {
    static const std::vector<std::string> types = [] {
        std::vector<std::string> names{"any", "numeric", "temporal"};
        for (int i = 0; i <= static_cast<int>(engine::TypeFamily::other); ++i)
            names.emplace_back(engine::name_of(static_cast<engine::TypeFamily>(i)));
        return names;
    }();
    return types;
}

bool is_of_type(engine::TypeFamily family, const std::string& type) {
    using enum engine::TypeFamily;
    if (type == "any") return true;
    if (type == "numeric") return family == integer || family == decimal || family == floating;
    if (type == "temporal") return family == date || family == time || family == timestamp;
    return type == engine::name_of(family);
}

bool is_accepted(engine::TypeFamily family, const std::vector<std::string>& accepts) {
    return std::any_of(accepts.begin(), accepts.end(),
                       [&](const std::string& type) { return is_of_type(family, type); });
}

std::size_t position_of(const engine::Schema& columns, const std::string& name) {
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns[i].name == name) return i;
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (model::same_folded(columns[i].name, name)) return i;
    return columns.size();
}

std::vector<std::string> names_of(const engine::Schema& columns) {
    std::vector<std::string> names;
    for (const auto& column : columns) names.push_back(column.name);
    return names;
}

std::vector<std::size_t> chosen(const ColumnChoice& choice, const engine::Schema& columns,
                                const std::vector<std::string>& accepts) {
    std::vector<std::size_t> out;
    if (choice.kind == ColumnChoice::Kind::name) {
        const auto at = position_of(columns, choice.text);
        if (at < columns.size()) out.push_back(at);
        return out;
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const bool meant = choice.kind == ColumnChoice::Kind::match
                               ? matches(columns[i].name, choice.text)
                               : is_of_type(columns[i].family, choice.text);
        if (meant && is_accepted(columns[i].family, accepts)) out.push_back(i);
    }
    return out;
}

const std::vector<std::string>& selection_keys() {
    static const std::vector<std::string> keys{"columns",   "fraction",   "exact",    "where",
                                               "mechanism", "given",      "sampling", "weight",
                                               "by",        "block_rows", "along",    "files"};
    return keys;
}

}  // namespace faultline::plugin
