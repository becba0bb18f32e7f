#include <fmt/format.h>

#include "core/error.h"
#include "model/names.h"
#include "suggest/subject.h"

namespace faultline::suggest {
namespace {

/// Values may be missing at the other side in data that is as it should be, up to this share.
constexpr double most_unmatched = 0.05;

/// "raw_orders" and "Orders" as "order": what a column that points there is called after.
std::string stem_of(const std::string& node) {
    auto name = model::fold_case(node);
    for (const char* prefix : {"raw_", "stg_", "src_", "dim_", "fct_", "fact_", "tbl_"})
        if (name.starts_with(prefix)) {
            name.erase(0, std::string(prefix).size());
            break;
        }
    if (name.ends_with("ies"))
        name.replace(name.size() - 3, 3, "y");
    else if (name.size() > 1 && name.ends_with("s") && !name.ends_with("ss"))
        name.pop_back();
    return name;
}

/// Does a column of this name point at `field` of `node`, by the customs of naming?
bool names_fit(const std::string& column, const std::string& node, const std::string& field) {
    const auto name = model::fold_case(column), key = model::fold_case(field);
    if (name == key) return key != "id" && key != "key" && key != "code";
    const auto stem = stem_of(node);
    return name == stem + "_" + key || name == stem + key || (key == "id" && name == stem);
}

/// The column that other relations would point at: the key, if it is one column that identifies.
const ColumnProfile* target_of(const Subject& subject) {
    if (subject.key.size() != 1) return nullptr;
    const auto* column = subject.profile.find(subject.key[0]);
    return column != nullptr && column->identifies() ? column : nullptr;
}

/// Different values of the column that the other one does not have.
std::int64_t unmatched(engine::Connection& connection, const engine::Dialect& dialect,
                       const Subject& from, const std::string& column, const Subject& to,
                       const std::string& field) {
    const auto rows = connection.query(fmt::format(
        "SELECT count(*) FROM (SELECT DISTINCT {0} AS v FROM ({1}) AS child WHERE {0} IS NOT NULL) "
        "AS held WHERE v NOT IN (SELECT {2} FROM ({3}) AS parent)",
        dialect.quote(column), from.select, dialect.quote(field), to.select));
    return std::get<std::int64_t>(rows.rows.at(0).at(0));
}

}  // namespace

void find_references(std::vector<Subject>& subjects, engine::Connection& connection,
                     const engine::Dialect& dialect) {
    using engine::TypeFamily;
    for (std::size_t from = 0; from < subjects.size(); ++from)
        for (const auto& column : subjects[from].profile.columns) {
            const auto& name = column.column.name;
            const bool own_key = subjects[from].key == std::vector{name};
            const auto family = column.column.family;
            if (column.distinct < 2 ||
                (family != TypeFamily::integer && family != TypeFamily::text))
                continue;
            for (std::size_t to = 0; to < subjects.size(); ++to) {
                // Two keys of one name point at each other: the later source at the earlier one.
                if (to == from || (own_key && to > from)) continue;
                const auto* target = target_of(subjects[to]);
                if (target == nullptr || target->column.family != family ||
                    !names_fit(name, subjects[to].name, target->column.name))
                    continue;
                const auto missing = unmatched(connection, dialect, subjects[from], name,
                                               subjects[to], target->column.name);
                if (static_cast<double>(missing) >
                    most_unmatched * static_cast<double>(column.distinct))
                    continue;
                subjects[from].references.push_back(
                    {name, subjects[to].name, target->column.name, missing});
                break;
            }
        }
}

}  // namespace faultline::suggest
