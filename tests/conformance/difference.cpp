#include "difference.h"

#include <fmt/format.h>

#include <algorithm>

namespace faultline::conformance {
namespace {

std::vector<std::string> texts(StandardRelation& relation, const std::string& sql) {
    std::vector<std::string> out;
    for (const auto& row : relation.query(sql).rows)
        out.push_back(std::get<std::string>(row.at(0)));
    return out;
}

}  // namespace

Difference difference(StandardRelation& relation, const plugin::Perturbed& perturbed) {
    Difference out;
    const auto& before = relation.columns();
    const auto after = "(" + perturbed.select + ")";
    const auto& base = relation.table();

    for (const auto& tag :
         texts(relation, fmt::format("SELECT tag FROM {} EXCEPT ALL SELECT tag FROM {} ORDER BY 1",
                                     base, after))) {
        ++out.rows_removed;
        out.affected.insert("-" + tag);
    }
    for (const auto& tag :
         texts(relation, fmt::format("SELECT tag FROM {} EXCEPT ALL SELECT tag FROM {} ORDER BY 1",
                                     after, base))) {
        ++out.rows_added;
        out.affected.insert("+" + tag);
    }
    std::set<std::string> changed;
    for (const auto& column : before) {
        const auto now = std::find_if(perturbed.columns.begin(), perturbed.columns.end(),
                                      [&](const auto& c) { return c.name == column.name; });
        if (now == perturbed.columns.end()) {
            out.affected.insert("column " + column.name);
            continue;
        }
        if (now->type != column.type) out.affected.insert("type " + column.name);
        const auto name = relation.dialect().quote(column.name);
        // A cell is changed when no copy of its row holds the old value. A retyped cell is read
        // back; one that became text is held against the text that the value plainly is.
        const bool to_text = now->type != column.type && now->type == "VARCHAR";
        const auto other =
            to_text
                ? fmt::format("a.{0} IS DISTINCT FROM CAST(b.{0} AS VARCHAR)", name)
                : fmt::format("TRY_CAST(a.{0} AS {1}) IS DISTINCT FROM b.{0}", name, column.type);
        const auto differing = texts(
            relation, fmt::format("SELECT b.tag FROM {} b JOIN {} a ON a.tag = b.tag GROUP BY "
                                  "b.tag HAVING bool_and({}) ORDER BY 1",
                                  base, after, other));
        if (!differing.empty())
            out.cells[column.name] = static_cast<std::int64_t>(differing.size());
        for (const auto& tag : differing) {
            changed.insert(tag);
            out.affected.insert(tag + "/" + column.name);
        }
    }
    for (const auto& column : perturbed.columns)
        if (std::none_of(before.begin(), before.end(),
                         [&](const auto& c) { return c.name == column.name; }))
            out.affected.insert("column " + column.name);
    out.rows_changed = static_cast<std::int64_t>(changed.size());
    return out;
}

}  // namespace faultline::conformance
