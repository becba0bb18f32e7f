#include "findings/interactions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

#include "analysis/estimate.h"
#include "core/special_values.h"
#include "findings/finite.h"

namespace faultline::findings {
namespace {

/// Less than this part of a tolerance beyond the sum of both is not worth a sentence.
constexpr double worth_telling = 0.5;

using Pair = std::pair<std::size_t, std::size_t>;
using Trials = std::vector<const journal::TrialRecord*>;

std::map<Pair, Trials> pairs_of(const Evidence& evidence) {
    std::map<std::string, std::size_t> place;
    for (std::size_t p = 0; p < evidence.scenario.perturbations.size(); ++p)
        place[evidence.scenario.perturbations[p].id] = p;
    std::map<Pair, Trials> pairs;
    for (const auto& trial : evidence.journal.trials) {
        if (evidence.sampled && trial.number >= evidence.sampled->first) continue;
        if (trial.severities.size() != 2 || !survived(trial)) continue;
        const auto first = trial.severities.begin(), second = std::next(first);
        if (first->second != 1 || second->second != 1) continue;
        pairs[std::minmax(place.at(first->first), place.at(second->first))].push_back(&trial);
    }
    return pairs;
}

/// The trial of one fault alone at full dose under a stream; a fault that draws nothing has one for
/// all streams.
const journal::TrialRecord* alone(const Evidence& evidence, std::size_t perturbation,
                                  std::uint64_t replicate) {
    for (const auto& dose : evidence.doses) {
        if (dose.perturbation != perturbation || dose.severity != 1) continue;
        for (const auto* trial : dose.survivors)
            if (dose.deterministic || trial->replicate == replicate) return trial;
    }
    return nullptr;
}

double value_of(const journal::TrialRecord& trial, std::size_t series) {
    return trial.values[series].value_or(nothing);
}

bool draws(const Evidence& evidence, std::size_t perturbation) {
    return evidence.factors[perturbation].draws;
}

/// One pair's numbers, replicates × series.
struct Changes {
    Eigen::ArrayXXd beyond, first, second, together;
};

Changes changes_of(const Evidence& evidence, const Pair& pair, const Trials& trials) {
    std::vector<std::array<const journal::TrialRecord*, 3>> known;
    for (const auto* trial : trials) {
        const auto* a = alone(evidence, pair.first, trial->replicate);
        const auto* b = alone(evidence, pair.second, trial->replicate);
        if (a != nullptr && b != nullptr) known.push_back({trial, a, b});
    }
    const auto rows = static_cast<Eigen::Index>(known.size());
    const auto columns = static_cast<Eigen::Index>(evidence.series.size());
    Changes changes;
    for (auto* matrix : {&changes.beyond, &changes.first, &changes.second, &changes.together})
        matrix->resize(rows, columns);
    for (Eigen::Index row = 0; row < rows; ++row)
        for (Eigen::Index s = 0; s < columns; ++s) {
            const auto& [both, a, b] = known[static_cast<std::size_t>(row)];
            const auto at = static_cast<std::size_t>(s);
            const double base = evidence.base(s);
            changes.first(row, s) = value_of(*a, at) - base;
            changes.second(row, s) = value_of(*b, at) - base;
            changes.together(row, s) = value_of(*both, at) - base;
            changes.beyond(row, s) =
                changes.together(row, s) - changes.first(row, s) - changes.second(row, s);
        }
    return changes;
}

std::vector<Eigen::Index> reached_by_both(const Evidence& evidence, const Pair& pair) {
    const auto &a = evidence.reached[pair.first], &b = evidence.reached[pair.second];
    std::vector<Eigen::Index> both;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
    return both;
}

}  // namespace

std::vector<Interaction> interactions(const Evidence& evidence, std::vector<Attribution>& rows) {
    const double confidence = evidence.scenario.design.confidence;
    std::vector<Interaction> telling;
    for (const auto& [pair, trials] : pairs_of(evidence)) {
        const Changes changes = changes_of(evidence, pair, trials);
        if (changes.beyond.rows() == 0) continue;
        const bool exact = !draws(evidence, pair.first) && !draws(evidence, pair.second);
        const auto beyond = analysis::mean_with_t_interval(changes.beyond, confidence, exact);
        Interaction most;
        most.perturbation = evidence.scenario.perturbations[pair.first].id;
        most.with = evidence.scenario.perturbations[pair.second].id;
        for (const Eigen::Index s : reached_by_both(evidence, pair)) {
            const auto& series = evidence.series[static_cast<std::size_t>(s)];
            Attribution row;
            row.metric = series.metric;
            row.segment = series.segment;
            row.node = evidence.node_of(pair.first);
            row.perturbation = most.perturbation;
            row.with = most.with;
            row.index = "interaction";
            row.estimate = finite(beyond.estimate(s));
            row.low = finite(beyond.low(s));
            row.high = finite(beyond.high(s));
            row.confidence = confidence;
            row.unit = "metric";
            row.conditional = beyond.count(s) < changes.beyond.rows();
            row.severity = 1;
            rows.push_back(std::move(row));

            const double allowed = evidence.tolerance(s);
            const bool sure = beyond.low(s) > 0 || beyond.high(s) < 0;
            if (!sure || !(allowed > 0)) continue;
            const double size = beyond.estimate(s) / allowed;
            if (std::abs(size) < worth_telling || std::abs(size) <= std::abs(most.beyond)) continue;
            const auto mean = [&](const Eigen::ArrayXXd& change) {
                return change.col(s).mean() / allowed;
            };
            most.metric = series.metric;
            most.segment = series.segment;
            most.beyond = size;
            most.alone = mean(changes.first);
            most.with_alone = mean(changes.second);
            most.together = mean(changes.together);
        }
        if (most.beyond != 0) telling.push_back(std::move(most));
    }
    std::stable_sort(telling.begin(), telling.end(), [](const auto& a, const auto& b) {
        return std::abs(a.beyond) > std::abs(b.beyond);
    });
    return telling;
}

}  // namespace faultline::findings
