#include "plugin/targets.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

namespace faultline::plugin {
namespace {

std::string listed(const engine::Schema& columns) {
    std::vector<std::string> names;
    for (const auto& column : columns)
        names.push_back(fmt::format("{} {}", column.name, column.type));
    return fmt::format("{}", fmt::join(names, ", "));
}

void check_column(const Fault& fault, const char* key, const std::string& name, const Site& site,
                  std::vector<Problem>& problems) {
    const auto place = fmt::format("/params/{}", key);
    const auto at = position_of(site.columns, name);
    if (at == site.columns.size())
        problems.push_back(
            fault.problem(place, fmt::format("\"{}\"", name),
                          fmt::format("a column of {}: {}", site.node, listed(site.columns)),
                          nearest_name(name, names_of(site.columns))));
    else if (site.columns[at].family == engine::TypeFamily::nested)
        problems.push_back(fault.problem(place,
                                         fmt::format("\"{}\", a {}", name, site.columns[at].type),
                                         "a column whose values have an order"));
}

void check_along(const Fault& fault, const Site& site, std::vector<Problem>& problems) {
    const auto& column = fault.selection().along->column;
    if (column.empty() && site.batch.empty()) {
        problems.push_back(fault.problem(
            "/params/along",
            fmt::format("no \"column\", and {} declares no batch column", site.node),
            fmt::format("\"column\": the one that says when, among {}", listed(site.columns))));
        return;
    }
    const auto at = position_of(site.columns, column.empty() ? site.batch : column);
    if (at == site.columns.size()) {
        check_column(fault, "along/column", column.empty() ? site.batch : column, site, problems);
        return;
    }
    const auto& found = site.columns[at];
    const bool numbered = is_of_type(found.family, "numeric") ||
                          found.family == engine::TypeFamily::date ||
                          found.family == engine::TypeFamily::timestamp;
    if (!numbered)
        problems.push_back(fault.problem("/params/along/column",
                                         fmt::format("\"{}\", a {}", found.name, found.type),
                                         "a numeric column, a date or a timestamp"));
    if (fault.plugin().about().unit == Unit::batch &&
        (site.batch.empty() || position_of(site.columns, site.batch) != at))
        problems.push_back(
            fault.problem("/params/along/column", fmt::format("\"{}\"", found.name),
                          fmt::format("the batch column that {} declares: {} hits whole batches",
                                      site.node, fault.plugin().about().name)));
}

}  // namespace

std::vector<std::size_t> targets_of(const Fault& fault, const engine::Schema& columns,
                                    std::vector<Problem>& problems) {
    const auto& about = fault.plugin().about();
    std::set<std::size_t> out;
    const auto& choices = fault.selection().columns;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const auto& choice = choices[i];
        // One choice may have been written without its array.
        const auto place = choices.size() == 1 ? std::string("/params/columns")
                                               : fmt::format("/params/columns/{}", i);
        const auto found = chosen(choice, columns, about.accepts);
        out.insert(found.begin(), found.end());
        if (choice.kind != ColumnChoice::Kind::name) {
            if (found.empty())
                problems.push_back(
                    fault.problem(place, fmt::format("\"{}\", which no column fits", choice.text),
                                  fmt::format("at least one column of type {} among: {}",
                                              fmt::join(about.accepts, " or "), listed(columns))));
        } else if (found.empty()) {
            problems.push_back(fault.problem(place, fmt::format("\"{}\"", choice.text),
                                             fmt::format("one of the columns: {}", listed(columns)),
                                             nearest_name(choice.text, names_of(columns))));
        } else if (const auto& column = columns[found[0]];
                   !is_accepted(column.family, about.accepts)) {
            problems.push_back(
                fault.problem(place, fmt::format("\"{}\", a {}", column.name, column.type),
                              fmt::format("a column of type {}: that is what {} works on",
                                          fmt::join(about.accepts, " or "), about.name)));
        }
    }
    return {out.begin(), out.end()};
}

void check_fits(const Fault& fault, const Site& site, std::vector<Problem>& problems) {
    const auto& selection = fault.selection();
    const auto targets = targets_of(fault, site.columns, problems);
    if (!selection.given.empty()) {
        check_column(fault, "given", selection.given, site, problems);
        const auto at = position_of(site.columns, selection.given);
        if (targets == std::vector<std::size_t>{at})
            problems.push_back(fault.problem(
                "/params/given", fmt::format("\"{}\", the column that is hit", selection.given),
                "another column; \"mechanism\": \"not_at_random\" goes by the value itself"));
    }
    if (!selection.weight.empty()) {
        check_column(fault, "weight", selection.weight, site, problems);
        const auto at = position_of(site.columns, selection.weight);
        if (at < site.columns.size() && !is_of_type(site.columns[at].family, "numeric"))
            problems.push_back(
                fault.problem("/params/weight",
                              fmt::format("\"{}\", a {}", selection.weight, site.columns[at].type),
                              "a numeric column"));
    }
    if (!selection.by.empty()) check_column(fault, "by", selection.by, site, problems);
    if (selection.along) check_along(fault, site, problems);
    const bool ordered = selection.sampling == Selection::Sampling::latest ||
                         selection.sampling == Selection::Sampling::earliest;
    if (ordered && fault.plugin().about().unit != Unit::batch && selection.by.empty() &&
        site.batch.empty())
        problems.push_back(fault.problem(
            "/params/sampling",
            fmt::format("latest or earliest, and {} declares no batch column", site.node),
            "\"by\": the column that says when"));
    if (fault.plugin().about().unit == Unit::batch && site.batch.empty() && !selection.block_rows)
        problems.push_back(fault.problem(
            "/params", fmt::format("no batches: {} declares no batch column", site.node),
            fmt::format("\"batch\" at the node in the pipeline, one of {}; or \"block_rows\" here: "
                        "how many rows in the order of the key are one batch",
                        listed(site.columns))));
    if (selection.block_rows && !site.batch.empty())
        problems.push_back(
            fault.problem("/params/block_rows", fmt::format("{}", *selection.block_rows),
                          fmt::format("no \"block_rows\": the batches of {} are the values of {}",
                                      site.node, site.batch)));
    if (selection.mechanism == Selection::Mechanism::not_at_random && targets.size() != 1)
        problems.push_back(fault.problem(
            "/params/mechanism", fmt::format("not_at_random with {} columns", targets.size()),
            "exactly one column, whose value decides (or one perturbation each)"));
}

}  // namespace faultline::plugin
