#include "design/sampled_rules.h"

#include <fmt/format.h>

#include "design/method.h"
#include "design/sample_size.h"

namespace faultline::design {

void refuse_sizes(const model::DesignSpec& spec, std::uint64_t runs_a_row,
                  std::uint64_t rows_by_default, std::uint64_t parts,
                  std::vector<Problem>& problems) {
    const std::uint64_t rows = rows_within(spec, rows_by_default, runs_a_row, parts);
    if (times(rows, runs_a_row) > most_trials_of_a_design)
        problems.push_back({"", spec.rows ? "/design/rows" : "/design/budget",
                            fmt::format("{}", spec.rows ? *spec.rows : spec.budget.value_or(0)),
                            fmt::format("so few that {} trials a row give at most {} trials",
                                        runs_a_row, most_trials_of_a_design),
                            ""});
    if (spec.budget && *spec.budget < times(rows, runs_a_row))
        problems.push_back({"", "/design/budget", fmt::format("{}", *spec.budget),
                            fmt::format("at least {} trials: {} rows of {} trials each",
                                        times(rows, runs_a_row), rows, runs_a_row),
                            ""});
}

}  // namespace faultline::design
