#include <fmt/format.h>

#include "suggest/proposals.h"
#include "suggest/wording.h"

namespace faultline::suggest {
namespace {

using engine::TypeFamily;

void propose_spelling(Proposals& proposals, const ColumnProfile& column, int rank) {
    if (column.padded > 0)
        proposals.add_on(column, rank, "key_format", "zeros_lost",
                         {{"mode", "zeros_lost"},
                          {"where", proposals.dialect().quote(column.column.name) + " like '0%'"}},
                         fmt::format("{} of {} begin with a zero, which a spreadsheet takes away",
                                     counted(column.padded, "value"), named(column.column.name)));
    else if (column.column.family == TypeFamily::text && column.lettered > 0)
        proposals.add_on(column, rank + 1, "key_format", "prefixed", {{"mode", "prefix"}},
                         "the ids of another system: every one with something in front");
}

}  // namespace

void suggest_keys(Proposals& proposals) {
    const auto& subject = proposals.subject();
    const auto rows = subject.profile.rows;
    int rank = 0;
    for (const auto& reference : subject.references) {
        if (rank == 3) break;
        const auto* column = subject.profile.find(reference.column);
        proposals.add_on(
            *column, rank++, "orphan_keys", "orphans", Proposals::share(0.05, column->present()),
            fmt::format("{} points at {} of {}{}; some point at nobody", named(reference.column),
                        named(reference.field), named(reference.to),
                        reference.unmatched == 0
                            ? ""
                            : fmt::format(" ({} are unknown there already)",
                                          counted(reference.unmatched, "value"))));
        propose_spelling(proposals, *column, rank);
    }
    for (const auto* column : subject.of(Role::key)) propose_spelling(proposals, *column, 1);
    if (rows == 0) return;
    const auto dose = Proposals::share(0.01, rows);
    const auto hit = percent(dose["fraction"].get<double>());
    proposals.add(1, "duplicate_rows", "twice", dose,
                  hit + " of the rows twice: a load that was retried, a join that fans out");
    if (!subject.key.empty() && rows > 1)
        proposals.add(4, "duplicate_keys", "same_key", dose,
                      hit + " of the rows with the key of another one");
}

void suggest_schema(Proposals& proposals) {
    const auto& subject = proposals.subject();
    // The column whose trouble most steps would feel: one that they mention, keys last, since
    // everything breaks without them.
    std::vector<const ColumnProfile*> order;
    for (const auto role : {Role::measure, Role::category, Role::reference, Role::text, Role::time,
                            Role::batch, Role::other, Role::key})
        for (const auto* column : subject.of(role)) order.push_back(column);
    for (const auto& column : subject.profile.columns)  // a relation of nothing but NULLs
        if (order.empty() && column.present() == 0) order.push_back(&column);
    if (order.empty()) return;
    const auto* mentioned = order[0];
    for (const auto* column : order)
        if (subject.is_mentioned(column->column.name)) {
            mentioned = column;
            break;
        }
    const auto& name = mentioned->column.name;
    proposals.add(2, "schema_drift", name + "_renamed",
                  {{"mode", "rename"}, {"columns", Json::array({name})}},
                  "a column under another name: who fails, and does anybody not notice?");
    for (const auto* column : order) {
        const auto family = column->column.family;
        if (family == TypeFamily::text && column->padded > 0) {
            proposals.add(
                0, "schema_drift", column->column.name + "_as_number",
                {{"mode", "retype"},
                 {"columns", Json::array({column->column.name})},
                 {"to", "integer"}},
                fmt::format("{} of {} begin with a zero: as numbers they lose it",
                            counted(column->padded, "value"), named(column->column.name)));
            break;
        }
    }
    for (const auto* column : order) {
        const auto family = column->column.family;
        if (family != TypeFamily::integer && family != TypeFamily::decimal &&
            family != TypeFamily::date && family != TypeFamily::timestamp)
            continue;
        proposals.add(
            3, "schema_drift", column->column.name + "_as_text",
            {{"mode", "retype"}, {"columns", Json::array({column->column.name})}, {"to", "text"}},
            fmt::format("{} as text: sums fail, comparisons go by letters",
                        named(column->column.name)));
        break;
    }
    if (subject.profile.columns.size() > 1)
        proposals.add(5, "schema_drift", "reordered", {{"mode", "reorder"}},
                      "the columns in reverse: matters to whoever counts them");
}

}  // namespace faultline::suggest
