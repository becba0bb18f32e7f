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
    for (const std::size_t check : mutant.fired_in(one))
        nearest = std::min(nearest, mutant.distance[check].value_or(nowhere));
    return nearest;
}

void add(MutationScore& score, const Mutant& mutant) {
    // Counted first and divided once, so that six of six are 1 and not a rounding less.
    const auto part = [&](auto holds) {
        return static_cast<double>(
                   std::count_if(mutant.trials.begin(), mutant.trials.end(), holds)) /
               static_cast<double>(mutant.trials.size());
    };
    const auto ended = [&](Outcome outcome) {
        return part([=](const MutantTrial& one) { return one.trial->outcome == outcome; });
    };
    if (mutant.benign) {
        score.benign += 1;
        score.false_alarms += part([](const MutantTrial& one) { return one.fired > 0; });
        return;
    }
    score.mutants += 1;
    const auto killed = [&](bool at_source) {
        return part([&](const MutantTrial& one) {
            return one.trial->outcome == Outcome::detected &&
                   (first_notice(mutant, one) == 0) == at_source;
        });
    };
    score.killed_at_source += killed(true);
    score.killed_later += killed(false);
    score.silent += ended(Outcome::silent);
    score.crashed += part([](const MutantTrial& one) { return broke_down(*one.trial); });
    score.absorbed += ended(Outcome::absorbed);
    score.warned += ended(Outcome::false_alarm);
    score.not_applied += ended(Outcome::not_applied);
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
CheckScore score_check(const Evidence& evidence, const Guardrails& guardrails, std::size_t c,
                       const std::vector<Mutant>& mutants) {
    const auto& check = guardrails.checks[c];
    const double confidence = evidence.scenario.design.confidence;
    CheckScore score;
    score.id = check.id;
    score.node = check.node;
    score.owner = check.owner;
    score.fired_in_base = check.fired_in_base;
    double distance = 0, rows = 0;
    std::uint64_t firings = 0, killing = 0, late = 0;  // trials
    for (const auto& mutant : mutants) {
        if (!mutant.distance[c]) continue;  // no fault comes this way: nothing to blame
        std::uint64_t fired = 0, harmful = 0, kills = 0, sole = 0, warned = 0;
        for (const auto& one : mutant.trials) {
            const auto fired_here = mutant.fired_in(one);
            const bool fires =
                std::find(fired_here.begin(), fired_here.end(), c) != fired_here.end();
            const auto outcome = one.trial->outcome;
            fired += fires;
            warned += fires && outcome == Outcome::false_alarm;
            if (outcome != Outcome::detected && outcome != Outcome::silent) continue;
            ++harmful;
            if (!fires) continue;
            ++kills;
            sole += one.fired == 1;
            const auto outputs = breaches_of(evidence, *one.trial).outputs;
            late += std::any_of(outputs.begin(), outputs.end(),
                                [&](std::size_t output) { return check.after[output]; });
        }
        const auto part = [&](std::uint64_t trials) {
            return static_cast<double>(trials) / static_cast<double>(mutant.trials.size());
        };
        if (mutant.benign) {
            score.benign_seen += 1;
            score.false_alarms += part(fired);
            continue;
        }
        firings += fired;
        killing += kills;
        score.warned += part(warned);
        score.harmful_seen += part(harmful);
        score.kills += part(kills);
        score.sole_kills += part(sole);
        distance += part(kills) * static_cast<double>(*mutant.distance[c]);
        rows += *mutant.distance[c] == 0 ? 0 : part(kills) * mutant.rows;
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
    score.only_downstream = killing > 0 && late == killing;
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
        auto score = score_check(evidence, guardrails, c, mutants);
        score.remark = check_remark(score);
        scores.checks.push_back(std::move(score));
    }
    return scores;
}

}  // namespace faultline::findings
