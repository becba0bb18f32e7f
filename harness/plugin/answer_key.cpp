#include "plugin/answer_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace faultline::plugin {
namespace {

constexpr const char* cells_prefix = "cells:";

/// Sums come as 64-bit or, from engines with wider integers, as text.
std::int64_t count_in(const engine::Value& value, const std::string& what) {
    std::int64_t number = -1;
    if (std::holds_alternative<std::monostate>(value)) return 0;
    if (const auto* plain = std::get_if<std::int64_t>(&value)) number = *plain;
    if (const auto* text = std::get_if<std::string>(&value)) {
        const auto [end, failed] =
            std::from_chars(text->data(), text->data() + text->size(), number);
        if (failed != std::errc{} || end != text->data() + text->size()) number = -1;
    }
    if (number < 0)
        throw Error(ErrorKind::plugin, fmt::format("its answer key says \"{}\" is no count", what));
    return number;
}

void add(AnswerKey& key, const std::string& what, std::int64_t units) {
    if (what == "rows_added")
        key.rows_added += units;
    else if (what == "rows_removed")
        key.rows_removed += units;
    else if (what == "rows_changed")
        key.rows_changed += units;
    else if (what == "calls")
        key.calls += units;
    else if (what == "records")
        key.records += units;
    else if (what == "bytes")
        key.bytes += units;
    else if (what.starts_with(cells_prefix))
        key.cells[what.substr(std::char_traits<char>::length(cells_prefix))] += units;
    else
        throw Error(ErrorKind::plugin,
                    fmt::format("its answer key holds \"{}\", which nobody knows", what));
}

}  // namespace

AnswerKey answer_key_from(const engine::Rows& rows) {
    if (rows.rows.size() != 1)
        throw Error(ErrorKind::plugin,
                    fmt::format("its answer key has {} rows, not one", rows.rows.size()));
    AnswerKey key;
    for (std::size_t i = 0; i < rows.schema.size(); ++i)
        add(key, rows.schema[i].name, count_in(rows.rows[0].at(i), rows.schema[i].name));
    return key;
}

AnswerKey answer_key_from(const std::map<std::string, std::int64_t>& counts) {
    AnswerKey key;
    for (const auto& [what, units] : counts)
        if (what != "identity") add(key, what, count_in(units, what));
    return key;
}

void compare_schemas(const engine::Schema& before, const engine::Schema& after, AnswerKey& key) {
    const auto find = [](const engine::Schema& schema, const std::string& name) {
        return std::find_if(schema.begin(), schema.end(),
                            [&](const auto& c) { return c.name == name; });
    };
    for (const auto& column : before)
        if (find(after, column.name) == after.end()) key.columns_removed.push_back(column.name);
    std::vector<std::string> common;
    for (const auto& column : after) {
        const auto old = find(before, column.name);
        if (old == before.end()) {
            key.columns_added.push_back(column.name);
            continue;
        }
        if (old->type != column.type) key.columns_retyped.push_back(column.name);
        common.push_back(column.name);
    }
    std::vector<std::string> as_before;
    for (const auto& column : before)
        if (find(after, column.name) != after.end()) as_before.push_back(column.name);
    key.columns_reordered = common != as_before;
}

bool AnswerKey::changed_anything() const {
    return rows_added + rows_removed + rows_changed > 0 || calls > 0 || files > 0 ||
           columns_reordered || !columns_added.empty() || !columns_removed.empty() ||
           !columns_retyped.empty() ||
           std::any_of(cells.begin(), cells.end(),
                       [](const auto& cell) { return cell.second > 0; });
}

Json AnswerKey::to_json() const {
    Json columns = {{"added", columns_added},
                    {"removed", columns_removed},
                    {"retyped", columns_retyped},
                    {"reordered", columns_reordered}};
    // What a damaged file means for the rows is its reader's doing, and no count of the fault's.
    if (of_files)
        return {{"files", files}, {"records", records}, {"bytes", bytes}, {"columns", columns}};
    Json out = {{"rows_added", rows_added},
                {"rows_removed", rows_removed},
                {"rows_changed", rows_changed},
                {"cells", cells},
                {"columns", columns}};
    if (calls > 0) out["calls"] = calls;  // of faults of the execution alone
    return out;
}

}  // namespace faultline::plugin
