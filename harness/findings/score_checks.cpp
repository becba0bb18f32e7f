#include "findings/score_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "analysis/estimate.h"
#include "findings/check_remark.h"
#include "findings/mutants.h"

namespace faultline::findings {
namespace {

using journal::Outcome;

constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

/// Edges to the nearest check that fired, or `nowhere`.
std::size_t first_notice(const Mutant& mutant, const MutantTrial& one) {
    std::size_t nearest = nowhere;
    for (const std::size_t check : one.fired)
        nearest = std::min(nearest, mutant.distance[check].value_or(nowhere));
    return nearest;
}

void add(MutationScore& score, const Mutant& mutant) {
    const double weight = 1.0 / static_cast<double>(mutant.trials.size());
    if (mutant.benign) {
        score.benign += 1;
        for (const auto& one : mutant.trials) score.false_alarms += one.fired.empty() ? 0 : weight;
        return;
    }
    score.mutants += 1;
    for (const auto& one : mutant.trials) switch (one.trial->outcome) {
            case Outcome::detected:
                (first_notice(mutant, one) == 0 ? score.killed_at_source : score.killed_later) +=
                    weight;
                break;
            case Outcome::silent:
                score.silent += weight;
                break;
            case Outcome::crashed:
            case Outcome::timed_out:
                score.crashed += weight;
                break;
            case Outcome::absorbed:
                score.absorbed += weight;
                break;
            case Outcome::false_alarm:
                score.warned += weight;
                break;
            case Outcome::not_applied:
                score.not_applied += weight;
                break;
        }
}

struct Share {
    std::optional<double> estimate, low, high;
};

/// As if the faults had been drawn from all that can happen: a fault is one observation, whatever
/// the number of its trials, and shares of faults count as shares of one.
Share share_of(double hits, double all, double confidence) {
    if (!(all > 0)) return {};
    const auto rate = analysis::clopper_pearson_of_shares(hits, all, confidence);
    return {rate.estimate, rate.low, rate.high};
}

void finish(MutationScore& score, double confidence) {
    const double killed = score.killed_at_source + score.killed_later;
    const Share share = share_of(killed, killed + score.silent, confidence);
    score.score = share.estimate;
    score.low = share.low;
    score.high = share.high;
}

/// Scores by name, in the order in which the names are met.
class ByName {
  public:
    void add(const std::string& name, const Mutant& mutant) {
        auto at = std::find_if(scores_.begin(), scores_.end(),
                               [&](const auto& known) { return known.first == name; });
        if (at == scores_.end()) at = scores_.insert(at, {name, {}});
        findings::add(at->second, mutant);
    }
    std::vector<std::pair<std::string, MutationScore>> finished(double confidence) {
        for (auto& [name, score] : scores_) finish(score, confidence);
        return std::move(scores_);
    }

  private:
    std::vector<std::pair<std::string, MutationScore>> scores_;
};

/// One check against all mutants.
CheckScore score_check(const Guardrails& guardrails, std::size_t c,
                       const std::vector<Mutant>& mutants, double confidence) {
    const auto& check = guardrails.checks[c];
    CheckScore score;
    score.id = check.id;
    score.node = check.node;
    score.owner = check.owner;
    score.fired_in_base = check.fired_in_base;
    double firings = 0, distance = 0, rows = 0, late = 0;
    for (const auto& mutant : mutants) {
        if (!mutant.distance[c]) continue;  // no fault comes this way: nothing to blame
        const double weight = 1.0 / static_cast<double>(mutant.trials.size());
        if (mutant.benign) score.benign_seen += 1;
        for (const auto& one : mutant.trials) {
            const bool fires = std::find(one.fired.begin(), one.fired.end(), c) != one.fired.end();
            if (mutant.benign) {
                score.false_alarms += fires ? weight : 0;
                continue;
            }
            firings += fires ? weight : 0;
            const auto outcome = one.trial->outcome;
            if (outcome == Outcome::false_alarm) score.warned += fires ? weight : 0;
            if (outcome != Outcome::detected && outcome != Outcome::silent) continue;
            score.harmful_seen += weight;
            if (!fires) continue;
            score.kills += weight;
            score.sole_kills += one.fired.size() == 1 ? weight : 0;
            distance += weight * static_cast<double>(*mutant.distance[c]);
            rows += *mutant.distance[c] == 0 ? 0 : weight * mutant.rows;
            late += std::any_of(one.breaches.outputs.begin(), one.breaches.outputs.end(),
                                [&](std::size_t output) { return check.after[output]; })
                        ? weight
                        : 0;
        }
    }
    const Share recall = share_of(score.kills, score.harmful_seen, confidence),
                precision = share_of(score.kills, score.kills + score.false_alarms, confidence);
    score.recall = recall.estimate;
    score.recall_low = recall.low;
    score.recall_high = recall.high;
    score.precision = precision.estimate;
    score.precision_low = precision.low;
    score.precision_high = precision.high;
    if (score.kills > 0) {
        score.distance_nodes = distance / score.kills;
        score.distance_rows = rows / score.kills;
    }
    score.never_killed = score.harmful_seen > 0 && firings == 0;
    // Sums of the same weights in the same order: equal where every kill was late.
    score.only_downstream = score.kills > 0 && late == score.kills;
    return score;
}

}  // namespace

CheckScores score_checks(const Evidence& evidence) {
    const double confidence = evidence.scenario.design.confidence;
    const Guardrails guardrails = guardrails_of(evidence);
    const auto mutants = mutants_of(evidence, guardrails);
    CheckScores scores;
    ByName nodes, owners, plugins;
    for (const auto& mutant : mutants) {
        const std::size_t site = evidence.sites[mutant.perturbation];
        add(scores.pipeline, mutant);
        nodes.add(evidence.pipeline.nodes[site].name, mutant);
        owners.add(evidence.pipeline.nodes[site].owner, mutant);
        plugins.add(evidence.scenario.perturbations[mutant.perturbation].plugin, mutant);
    }
    finish(scores.pipeline, confidence);
    scores.by_node = nodes.finished(confidence);
    scores.by_owner = owners.finished(confidence);
    scores.by_plugin = plugins.finished(confidence);
    for (std::size_t c = 0; c < guardrails.checks.size(); ++c) {
        auto score = score_check(guardrails, c, mutants, confidence);
        score.remark = check_remark(score);
        scores.checks.push_back(std::move(score));
    }
    return scores;
}

}  // namespace faultline::findings
