#include <fmt/format.h>

#include <algorithm>

#include "suggest/proposals.h"
#include "suggest/wording.h"

namespace faultline::suggest {
namespace {

/// As many NULLs again as there are, within reason; a twentieth where there are none.
double more_nulls(const ColumnProfile& column) {
    if (column.nulls == 0) return 0.05;
    const double share = static_cast<double>(column.nulls) / static_cast<double>(column.rows);
    return std::clamp(rounded(share), 0.01, 0.3);
}

void propose_nulls(Proposals& proposals, const ColumnProfile& column, int rank) {
    const auto dose = Proposals::share(more_nulls(column), column.present());
    const auto now = column.nulls == 0 ? std::string("has no NULL today")
                                       : fmt::format("is NULL in {} of its rows today",
                                                     percent(static_cast<double>(column.nulls) /
                                                             static_cast<double>(column.rows)));
    proposals.add_on(column, rank, "nulls", "nulls", dose,
                     fmt::format("{} {}; {} of the values go missing", named(column.column.name),
                                 now, percent(dose["fraction"].get<double>())));
}

}  // namespace

void suggest_missing(Proposals& proposals) {
    const auto& subject = proposals.subject();
    const auto measures = subject.of(Role::measure);
    const auto references = subject.of(Role::reference);
    const auto categories = subject.of(Role::category);
    if (!measures.empty()) propose_nulls(proposals, *measures[0], 1);
    if (!references.empty()) propose_nulls(proposals, *references[0], 2);
    if (!categories.empty()) propose_nulls(proposals, *categories[0], 3);
    if (const auto texts = subject.of(Role::text); !texts.empty())
        propose_nulls(proposals, *texts[0], measures.empty() ? 1 : 4);

    if (!measures.empty()) {
        const auto& column = *measures[0];
        const auto other = column.present() - column.zeros;
        if (other > 0) {
            auto dose = Proposals::share(0.02, other);
            if (column.zeros > 0)
                dose["where"] = proposals.dialect().quote(column.column.name) + " <> 0";
            proposals.add_on(column, 4, "zeros", "zeros", dose,
                             "0 where a number should be: a missing value that nobody sees");
        }
        auto dose = Proposals::share(0.01, column.present());
        dose["number"] = -999;
        proposals.add_on(column, 5, "sentinel", "sentinel", dose,
                         "-999 for what is not known, as older systems write it");
    }
    if (subject.batches) return;
    for (const auto* column : subject.of(Role::time))
        if (column->days > 0) {
            proposals.add_on(*column, 1, "time_window_gone", "gap", {{"share", 0.1}},
                             fmt::format("{} runs from {} to {}; a tenth of that time is lost",
                                         named(column->column.name), column->first, column->last));
            break;
        }
}

void suggest_distribution(Proposals& proposals) {
    const auto& subject = proposals.subject();
    for (const auto* column : subject.of(Role::category)) {
        if (column->values.size() < 2 || column->column.family != engine::TypeFamily::text)
            continue;
        const auto& [value, rows] = column->values[0];
        if (rows < 10) break;
        proposals.add(
            3, "resample", column->column.name + "_fewer",
            {{"where", fmt::format("{} = {}", proposals.dialect().quote(column->column.name),
                                   proposals.dialect().literal(value))},
             {"weight_factor", 0.5}},
            fmt::format("half of the {} with {} \"{}\" are not there: a segment that fades",
                        counted(rows, "row"), named(column->column.name), named(value)));
        break;
    }
    const auto measures = subject.of(Role::measure);
    if (!subject.batches || subject.batches->count < 5 || measures.empty()) return;
    const auto& column = *measures[0];
    if (!column.mean || *column.mean == 0) return;
    proposals.add_on(column, 3, "drift", "step",
                     {{"shape", "step"}, {"start", 0.8}, {"relative", 0.2}},
                     fmt::format("a fifth more in the last fifth of {}: a change on some day",
                                 named(subject.batches->column)));
}

}  // namespace faultline::suggest
