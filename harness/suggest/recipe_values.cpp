#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "suggest/proposals.h"
#include "suggest/wording.h"

namespace faultline::suggest {
namespace {

using engine::TypeFamily;

/// What the column holds, for the comment: "price runs from 1 to 99, standard deviation 12.3".
std::string span(const ColumnProfile& column) {
    return fmt::format("{} runs from {} to {} with a standard deviation of {}",
                       named(column.column.name), shown(*column.low), shown(*column.high),
                       shown(*column.deviation));
}

/// A tenth of the column's own spread; of whole numbers at least a half, or nothing would change.
double small_noise(const ColumnProfile& column) {
    const double tenth = rounded(*column.deviation / 10);
    return column.column.family == TypeFamily::integer ? std::max(tenth, 0.5) : tenth;
}

bool spreads(const ColumnProfile& column) {
    return column.varies() && column.deviation && *column.deviation > 0 && column.low;
}

}  // namespace

void suggest_values(Proposals& proposals) {
    constexpr std::size_t most = 3;
    std::size_t taken = 0;
    for (const auto* column : proposals.subject().of(Role::measure)) {
        if (!spreads(*column)) continue;
        if (taken == most) break;
        const bool first = taken++ == 0;
        const double std = small_noise(*column);
        proposals.add_on(
            *column, first ? 0 : 2, "noise", "noise", {{"std", std}},
            fmt::format(
                "{}; errors of {} in every row{}", span(*column), shown(std),
                column->column.family == TypeFamily::integer ? ", rounded to whole numbers" : ""));
        if (!first) continue;
        proposals.add_on(*column, 1, "scale", "up", {{"factor", 1.1}},
                         "everything a tenth higher: another definition, a price list out of date");
        const auto hit = column->present();
        auto outliers = Proposals::share(0.01, hit);
        outliers["multiples"] = 5;
        proposals.add_on(*column, 3, "outlier", "outliers", outliers,
                         fmt::format("{} of its rows, five standard deviations ({}) off",
                                     percent(outliers["fraction"].get<double>()),
                                     shown(5 * *column->deviation)));
        if (column->zeros < hit && column->column.family != TypeFamily::integer) {
            auto unit = Proposals::share(0.01, hit - column->zeros);
            unit["unit"] = "cents_from_units";
            if (column->zeros > 0)
                unit["where"] =
                    fmt::format("{0} <> 0", proposals.dialect().quote(column->column.name));
            proposals.add_on(*column, 3, "unit_error", "in_cents", unit,
                             "a few rows a hundred times too large: cents where units should be");
        }
    }
}

void suggest_categories(Proposals& proposals) {
    const auto& subject = proposals.subject();
    std::size_t taken = 0;
    for (const auto* column : subject.of(Role::category)) {
        if (!column->varies()) continue;
        if (taken == 2) break;
        const int later = taken++ == 0 ? 0 : 2;
        const auto& name = column->column.name;
        const auto seen = fmt::format("{} has {}, \"{}\" most often", named(name),
                                      counted(column->distinct, "value"),
                                      named(column->values.empty() ? "" : column->values[0].first));
        auto few = Proposals::share(0.05, column->present());
        if (column->column.family == TypeFamily::text) {
            few["mode"] = "new";
            proposals.add_on(*column, 1 + later, "category", "new", few,
                             seen + "; a value that no step knows, as of a new line of business");
            if (column->lettered > 0) {
                few["mode"] = "case";
                few["where"] =
                    fmt::format("upper({0}) <> lower({0})", proposals.dialect().quote(name));
                few.update(Proposals::share(0.05, column->lettered));
                proposals.add_on(
                    *column, 3 + later, "category", "case", few,
                    "upper and lower case, which joins and filters on text tell apart");
                few.erase("where");
            }
        }
        few.update(Proposals::share(0.05, column->present()));
        few["mode"] = "other";
        proposals.add_on(*column, 4 + later, "category", "mixed_up", few,
                         seen + "; rows in the wrong one");
    }
    for (const auto* column : subject.of(Role::text)) {
        if (!subject.is_mentioned(column->column.name) || column->lettered == 0) continue;
        proposals.add_on(*column, 4, "typo", "typos", Proposals::share(0.05, column->present()),
                         "slips of the keyboard in text that some step reads");
        break;
    }
}

}  // namespace faultline::suggest
