#include "findings/estimates.h"

#include <map>

namespace faultline::findings {
namespace {

/// Segments that are new, in the order in which trials first show them.
std::vector<NewSeries> fresh_of(const Dose& dose) {
    std::vector<NewSeries> fresh;
    std::map<std::string, std::size_t> place;
    for (const auto* trial : dose.survivors)
        for (const auto& [series, value] : trial->extra) {
            const auto [at, added] =
                place.emplace(series.metric + "\n" + series.segment.dump(), fresh.size());
            if (added) fresh.push_back({series, 0});
            ++fresh[at->second].trials;
        }
    return fresh;
}

DoseEstimates estimate(const Evidence& evidence, const Dose& dose) {
    const Eigen::ArrayXXd values = evidence.values_of(dose);
    const auto& columns = evidence.reached[dose.perturbation];
    const Eigen::ArrayXd base = evidence.base(columns), tolerance = evidence.tolerance(columns);
    const double confidence = evidence.scenario.design.confidence;

    DoseEstimates result;
    result.dose = &dose;
    result.effect = analysis::one_at_a_time_effect(values, base, confidence, dose.deterministic);
    result.damage = analysis::damage(values, base, tolerance, confidence, dose.deterministic);
    const auto missing = values.isNaN().cast<std::int64_t>().colwise().sum().transpose().eval();
    result.lost = base.isNaN().select(0, missing);
    result.appeared = base.isNaN().select(static_cast<std::int64_t>(values.rows()) - missing, 0);
    result.fresh = fresh_of(dose);
    for (const auto* trial : dose.trials)
        result.crashed += trial->outcome == journal::Outcome::crashed ||
                          trial->outcome == journal::Outcome::timed_out;
    return result;
}

}  // namespace

std::vector<DoseEstimates> estimate_all(const Evidence& evidence) {
    std::vector<DoseEstimates> all;
    for (const auto& dose : evidence.doses) all.push_back(estimate(evidence, dose));
    return all;
}

analysis::Rate rate_of(const Evidence& evidence, const Dose& dose, std::int64_t hits,
                       std::int64_t trials) {
    analysis::Rate rate =
        analysis::clopper_pearson(hits, trials, evidence.scenario.design.confidence);
    if (dose.deterministic && trials > 0) rate.low = rate.high = rate.estimate;
    return rate;
}

}  // namespace faultline::findings
