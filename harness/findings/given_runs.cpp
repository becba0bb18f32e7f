#include "findings/given_runs.h"

#include <fmt/format.h>

#include <limits>
#include <map>
#include <set>

#include "core/error.h"
#include "findings/evidence.h"
#include "findings/wording.h"

namespace faultline::findings {
namespace {

/// Runs of a base row or a walk, of which the first and the last are independent; 1: every run is
/// taken.
std::uint64_t step_of(const Evidence& evidence) {
    const std::string& method = evidence.scenario.design.method;
    if (evidence.sampled && !evidence.sampled->method.players.empty()) {
        if (method == "plackett_burman" || method == "full_factorial") return 1;
        if (method == "sobol" || method == "shapley" || method == "auto")
            return evidence.sampled->method.runs / evidence.sampled->method.rows;
    }
    throw Error(
        ErrorKind::user,
        fmt::format("the run's method {} {}; expected a run of sobol or shapley (or of auto that "
                    "came to shares), whose severities are drawn independently, or of "
                    "plackett_burman or full_factorial",
                    method,
                    method == "auto"
                        ? "came to no shares"
                        : "gives no independent severities of several faults at once"));
}

/// Of each factor that draws the streams are common to the runs of a part: their mean is what the
/// draws do.
void take_draws_off(GivenRuns& runs, const std::vector<std::uint64_t>& streams) {
    for (Eigen::Index output = 0; output < runs.values.cols(); ++output) {
        std::map<std::uint64_t, std::pair<double, double>> sums;
        for (std::size_t run = 0; run < streams.size(); ++run) {
            const double value = runs.values(static_cast<Eigen::Index>(run), output);
            if (!std::isfinite(value)) continue;
            sums[streams[run]].first += value;
            ++sums[streams[run]].second;
        }
        for (std::size_t run = 0; run < streams.size(); ++run)
            if (const auto& [sum, count] = sums[streams[run]]; count > 0)
                runs.values(static_cast<Eigen::Index>(run), output) -= sum / count;
    }
}

}  // namespace

GivenRuns given_runs(const journal::Journal& journal) {
    const Evidence evidence(journal);
    const std::uint64_t step = step_of(evidence);
    const auto& [method, first] = *evidence.sampled;
    const auto columns = design::columns_of(method.players);

    GivenRuns runs;
    runs.random = step > 1;
    bool draws = false;
    for (const std::size_t column : columns) {
        runs.factors.push_back(evidence.factors[column].id);
        draws = draws || evidence.factors[column].draws;
    }
    for (const auto& series : evidence.series) runs.outputs.push_back(series_name(series));

    std::vector<const journal::TrialRecord*> trials;
    std::vector<std::uint64_t> streams;
    for (const auto& trial : journal.trials) {
        if (trial.number < first) continue;
        const std::uint64_t place = (trial.number - first) % step;
        if (place != 0 && place != step - 1) continue;
        trials.push_back(&trial);
        streams.push_back(trial.replicate);
    }
    const auto rows = static_cast<Eigen::Index>(trials.size());
    runs.inputs.resize(rows, static_cast<Eigen::Index>(columns.size()));
    runs.values = Eigen::ArrayXXd::Constant(rows, static_cast<Eigen::Index>(evidence.series.size()),
                                            std::numeric_limits<double>::quiet_NaN());
    for (Eigen::Index row = 0; row < rows; ++row) {
        const auto& trial = *trials[static_cast<std::size_t>(row)];
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const auto severity = trial.severities.find(runs.factors[c]);
            if (severity == trial.severities.end())
                throw Error(ErrorKind::user,
                            fmt::format("trial {} of the journal says nothing of \"{}\", which its "
                                        "design varies",
                                        trial.number, runs.factors[c]));
            runs.inputs(row, static_cast<Eigen::Index>(c)) = severity->second;
        }
        if (!survived(trial)) continue;
        for (std::size_t s = 0; s < evidence.series.size(); ++s)
            if (trial.values[s]) runs.values(row, static_cast<Eigen::Index>(s)) = *trial.values[s];
    }
    if (draws) take_draws_off(runs, streams);
    return runs;
}

}  // namespace faultline::findings
