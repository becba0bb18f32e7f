#include "findings/breaches.h"

#include <cmath>

#include "journal/tolerance.h"

namespace faultline::findings {

using journal::Outcome;

Breaches breaches_of(const Evidence& evidence, const journal::TrialRecord& trial) {
    Breaches found;
    if (!survived(trial)) return found;
    const auto& base = evidence.journal.base->values;
    for (std::size_t s = 0; s < trial.values.size(); ++s) {
        const double tolerance = evidence.tolerance(static_cast<Eigen::Index>(s));
        if (!journal::breaches(trial.values[s], base[s], std::isnan(tolerance) ? 0 : tolerance))
            continue;
        found.series.push_back(s);
        found.metrics.insert(evidence.metric_of[s]);
    }
    for (const auto& [series, value] : trial.extra) {
        found.fresh.push_back(&series);
        for (std::size_t m = 0; m < evidence.scenario.metrics.size(); ++m)
            if (evidence.scenario.metrics[m].id == series.metric) found.metrics.insert(m);
    }
    for (const std::size_t metric : found.metrics) found.outputs.insert(evidence.output_of[metric]);
    return found;
}

bool broke_down(const journal::TrialRecord& trial) {
    return trial.outcome == Outcome::crashed || trial.outcome == Outcome::timed_out;
}

bool did_harm(const journal::TrialRecord& trial) {
    return broke_down(trial) || trial.outcome == Outcome::detected ||
           trial.outcome == Outcome::silent;
}

bool was_noticed(const journal::TrialRecord& trial) {
    return broke_down(trial) || trial.outcome == Outcome::detected ||
           trial.outcome == Outcome::false_alarm;
}

}  // namespace faultline::findings
