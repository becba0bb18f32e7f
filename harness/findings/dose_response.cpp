#include "findings/dose_response.h"

#include <algorithm>
#include <map>

#include "findings/breaches.h"
#include "findings/dose_sentence.h"
#include "findings/dose_text.h"
#include "findings/dose_threshold.h"
#include "findings/finite.h"

namespace faultline::findings {
namespace {

/// A number of the base, or a segment that only trials have.
struct Number {
    std::optional<std::size_t> series;
    const journal::Series* fresh = nullptr;
};

const DoseEstimates* estimates_of(const std::vector<DoseEstimates>& all, const Dose& dose) {
    for (const auto& of_dose : all)
        if (of_dose.dose == &dose) return &of_dose;
    return nullptr;
}

/// Where a series is among those that the perturbation reaches.
std::optional<Eigen::Index> column_of(const Evidence& evidence, std::size_t perturbation,
                                      std::size_t series) {
    const auto& reached = evidence.reached[perturbation];
    const auto at =
        std::lower_bound(reached.begin(), reached.end(), static_cast<Eigen::Index>(series));
    if (at == reached.end() || *at != static_cast<Eigen::Index>(series)) return std::nullopt;
    return at - reached.begin();
}

/// Of the numbers that leave their tolerance at a dose the one that does in the most trials; of
/// equals the one that is the furthest out, then the first.
Number first_to_leave(const Evidence& evidence, const Dose& dose, const DoseEstimates& estimates) {
    std::map<std::size_t, std::size_t> counts;
    std::map<std::string, std::pair<std::size_t, const journal::Series*>> fresh;
    for (const auto* trial : dose.trials) {
        const Breaches breaches = breaches_of(evidence, *trial);
        for (const std::size_t s : breaches.series) ++counts[s];
        for (const auto* series : breaches.fresh) {
            auto& [count, which] = fresh[series->metric + "\n" + series->segment.dump()];
            if (count++ == 0) which = series;
        }
    }
    Number found;
    std::pair<std::size_t, double> worst{0, -1};
    for (const auto& [series, count] : counts) {
        const auto column = column_of(evidence, dose.perturbation, series);
        const double damage = column ? estimates.damage.estimate(*column) : -1;
        const std::pair here{count, std::isnan(damage) ? 0 : damage};
        if (here > worst) {
            worst = here;
            found.series = series;
        }
    }
    if (!found.series)
        for (const auto& [name, of] : fresh)
            if (of.first > worst.first) {
                worst.first = of.first;
                found.fresh = of.second;
            }
    return found;
}

/// Of all doses the number that came nearest to leaving its tolerance.
Number nearest(const DoseSeries& series, const std::vector<DoseEstimates>& all) {
    Number found;
    double most = 0;
    for (const Dose* dose : series.doses) {
        const auto* estimates = estimates_of(all, *dose);
        if (estimates == nullptr || estimates->damage.estimate.size() == 0) continue;
        Eigen::Index at = 0;
        const double damage =
            estimates->damage.estimate.isNaN().select(-1, estimates->damage.estimate).maxCoeff(&at);
        if (damage <= most) continue;
        most = damage;
        found.series = static_cast<std::size_t>(at);  // a column, see below
    }
    return found;
}

/// The check that fires at the smallest dose, in the most trials of it; of equals the scenario's
/// first. Empty where it is only by breaking down that the pipeline tells.
std::string first_to_fire(const Evidence& evidence, const DoseSeries& series, double until) {
    for (const Dose* dose : series.doses) {
        if (dose->severity > until) break;
        std::map<std::string, std::size_t> counts;
        for (const auto* trial : dose->trials)
            for (const auto& [check, state] : trial->fired) counts[check] += state.fired;
        std::string first;
        std::size_t most = 0;
        const auto consider = [&](const std::string& check) {
            if (counts[check] <= most) return;
            most = counts[check];
            first = check;
        };
        for (const auto& check : evidence.scenario.checks) consider(check.id);
        for (const auto& [check, count] : std::map(counts)) consider(check);
        if (!first.empty()) return first;
    }
    return {};
}

std::vector<DosePoint> curve_of(const Evidence& evidence, const DoseSeries& series,
                                const std::vector<DoseEstimates>& all,
                                std::optional<Eigen::Index> column) {
    std::vector<DosePoint> curve;
    for (const Dose* dose : series.doses) {
        DosePoint point;
        point.severity = dose->severity;
        point.text = dose_text(evidence, dose->perturbation, dose->severity);
        point.trials = dose->trials.size();
        const auto share = [&](Happened happened) {
            return static_cast<double>(
                       std::count_if(dose->trials.begin(), dose->trials.end(),
                                     [&](const auto* trial) { return happened(*trial); })) /
                   static_cast<double>(dose->trials.size());
        };
        point.breached = share(did_harm);
        point.noticed = share(was_noticed);
        if (const auto* estimates = estimates_of(all, *dose); column && estimates != nullptr) {
            point.damage = finite(estimates->damage.estimate(*column));
            point.low = finite(estimates->damage.low(*column));
            point.high = finite(estimates->damage.high(*column));
        }
        curve.push_back(std::move(point));
    }
    return curve;
}

/// On or off: there is one dose.
void make_binary(Threshold& threshold) {
    if (threshold.severity) threshold.severity = threshold.low = threshold.high = 1;
}

DoseResponse response_of(const Evidence& evidence, std::size_t p, const DoseSeries& series,
                         const std::vector<DoseEstimates>& all) {
    const double confidence = evidence.scenario.design.confidence;
    DoseResponse response;
    response.perturbation = evidence.scenario.perturbations[p].id;
    response.node = evidence.node_of(p);
    response.owner = evidence.pipeline.nodes[evidence.sites[p]].owner;
    response.plugin = evidence.scenario.perturbations[p].plugin;
    response.binary = evidence.factors[p].binary;
    response.harmful = threshold_of(series, did_harm, confidence);
    response.noticed = threshold_of(series, was_noticed, confidence);
    response.crashes_from = threshold_of(series, broke_down, confidence).severity;
    response.monotone = is_monotone(series, did_harm);

    std::optional<Eigen::Index> column;
    if (response.harmful.severity) {
        const auto at = std::find_if(series.doses.begin(), series.doses.end(), [&](const Dose* d) {
            return d->severity == *response.harmful.severity;
        });
        if (const auto* estimates = estimates_of(all, **at)) {
            const Number number = first_to_leave(evidence, **at, *estimates);
            if (number.series) {
                column = column_of(evidence, p, *number.series);
                response.metric = evidence.series[*number.series].metric;
                response.segment = evidence.series[*number.series].segment;
            } else if (number.fresh != nullptr) {
                response.metric = number.fresh->metric;
                response.segment = number.fresh->segment;
            }
        }
    } else if (const Number number = nearest(series, all); number.series) {
        column = static_cast<Eigen::Index>(*number.series);
        const auto s = static_cast<std::size_t>(evidence.reached[p][*number.series]);
        response.metric = evidence.series[s].metric;
        response.segment = evidence.series[s].segment;
    }
    if (response.noticed.severity)
        response.noticed_by = first_to_fire(evidence, series, *response.noticed.severity);
    if (response.harmful.severity &&
        (!response.noticed.severity || *response.noticed.severity > *response.harmful.severity))
        response.blind = {{*response.harmful.severity, response.noticed.severity.value_or(1)}};
    response.curve = curve_of(evidence, series, all, column);
    if (response.binary) {
        for (auto* threshold : {&response.harmful, &response.noticed}) make_binary(*threshold);
        if (response.crashes_from) response.crashes_from = 1;
        if (response.blind) response.blind = {{1, 1}};
    }
    for (auto* threshold : {&response.harmful, &response.noticed})
        if (threshold->severity) threshold->text = dose_text(evidence, p, *threshold->severity);
    response.sentence = dose_sentence(evidence, p, response);
    return response;
}

}  // namespace

std::vector<DoseResponse> dose_responses(const Evidence& evidence,
                                         const std::vector<DoseEstimates>& estimates) {
    std::vector<DoseResponse> all;
    for (std::size_t p = 0; p < evidence.sites.size(); ++p) {
        const DoseSeries series = dose_series(evidence, p);
        if (series.doses.empty() || (series.doses.size() < 2 && !evidence.factors[p].binary))
            continue;
        all.push_back(response_of(evidence, p, series, estimates));
    }
    return all;
}

}  // namespace faultline::findings
