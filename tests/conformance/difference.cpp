#include "difference.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

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
    const auto& base = relation.table();
    // Kept once: it is read for rows that are gone, for rows that are new and for cells.
    const auto after = relation.dialect().store("after");
    relation.query(relation.dialect().create_table_as(after, perturbed.select));

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
    std::vector<std::string> compared;
    std::string differs, any = "false";
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
        const auto cell =
            to_text ? fmt::format("bool_and(a.{0} IS DISTINCT FROM CAST(b.{0} AS VARCHAR))", name)
                    : fmt::format("bool_and(TRY_CAST(a.{0} AS {1}) IS DISTINCT FROM b.{0})", name,
                                  column.type);
        compared.push_back(column.name);
        differs += ", " + cell;
        any += " OR " + cell;
    }
    const auto rows = relation.query(
        fmt::format("SELECT b.tag{} FROM {} b JOIN {} a ON a.tag = b.tag GROUP BY b.tag HAVING {}",
                    differs, base, after, any));
    out.rows_changed = static_cast<std::int64_t>(rows.rows.size());
    for (const auto& row : rows.rows) {
        const auto& tag = std::get<std::string>(row.at(0));
        for (std::size_t at = 0; at < compared.size(); ++at) {
            if (!std::get<bool>(row.at(at + 1))) continue;
            ++out.cells[compared[at]];
            out.affected.insert(tag + "/" + compared[at]);
        }
    }
    for (const auto& column : perturbed.columns)
        if (std::none_of(before.begin(), before.end(),
                         [&](const auto& c) { return c.name == column.name; }))
            out.affected.insert("column " + column.name);
    relation.query(relation.dialect().drop_table(after));
    return out;
}

void check_counted(plugin::AnswerKey counted, const Difference& found) {
    std::erase_if(counted.cells, [](const auto& cell) { return cell.second == 0; });
    CHECK(counted.rows_added == found.rows_added);
    CHECK(counted.rows_removed == found.rows_removed);
    CHECK(counted.rows_changed == found.rows_changed);
    CHECK(counted.cells == found.cells);
}

}  // namespace faultline::conformance
