#include "findings/tallies.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "findings/answer_keys.h"

namespace faultline::findings {
namespace {

using journal::Outcome;

Outcomes no_outcomes() {
    Outcomes outcomes;
    for (const auto outcome :
         {Outcome::absorbed, Outcome::detected, Outcome::silent, Outcome::false_alarm,
          Outcome::crashed, Outcome::timed_out, Outcome::not_applied})
        outcomes[journal::name_of(outcome)] = 0;
    return outcomes;
}

}  // namespace

Outcomes outcomes_of_all(const Evidence& evidence) {
    Outcomes outcomes = no_outcomes();
    for (const auto& trial : evidence.journal.trials) ++outcomes[journal::name_of(trial.outcome)];
    return outcomes;
}

Outcomes outcomes_of_node(const Evidence& evidence, std::size_t node) {
    std::set<std::string> here;
    for (std::size_t p = 0; p < evidence.sites.size(); ++p)
        if (evidence.sites[p] == node) here.insert(evidence.scenario.perturbations[p].id);
    Outcomes outcomes = no_outcomes();
    for (const auto& trial : evidence.journal.trials)
        if (!trial.severities.empty() &&
            std::all_of(trial.severities.begin(), trial.severities.end(),
                        [&](const auto& severity) { return here.count(severity.first) > 0; }))
            ++outcomes[journal::name_of(trial.outcome)];
    return outcomes;
}

std::vector<PerturbationResult> perturbation_results(const Evidence& evidence) {
    std::vector<PerturbationResult> results;
    for (std::size_t p = 0; p < evidence.sites.size(); ++p) {
        const auto& perturbation = evidence.scenario.perturbations[p];
        PerturbationResult result{perturbation.id, evidence.node_of(p), perturbation.plugin, Json(),
                                  no_outcomes()};
        const Dose* highest = nullptr;
        for (const auto& dose : evidence.doses) {
            if (dose.perturbation != p) continue;
            highest = &dose;  // doses come by severity
            for (const auto* trial : dose.trials)
                ++result.outcomes[journal::name_of(trial->outcome)];
        }
        if (highest != nullptr)
            result.answer_key = summed_answer_keys(perturbation.id, highest->trials);
        results.push_back(std::move(result));
    }
    return results;
}

std::vector<CheckResult> check_results(const Evidence& evidence) {
    std::vector<CheckResult> results;
    std::map<std::string, std::size_t> place;
    const auto add = [&](const std::string& id, const std::string& node) {
        if (place.emplace(id, results.size()).second) results.push_back({id, node, false, 0, 0});
    };
    for (const auto& check : evidence.scenario.checks) {
        const auto node = evidence.pipeline.find(check.node);
        add(check.id, node ? evidence.pipeline.nodes[*node].name : check.node);
    }
    // The contract of a node's columns is a check too, under this id.
    for (const auto& node : evidence.pipeline.nodes)
        if (!node.columns.empty()) add("columns:" + node.name, node.name);
    const auto at = [&](const std::string& id) -> CheckResult& {
        add(id, "");
        return results[place.at(id)];
    };
    if (evidence.journal.base)
        for (const auto& [id, state] : evidence.journal.base->checks)
            at(id).fired_in_base = state.fired;
    for (const auto& trial : evidence.journal.trials)
        for (const auto& [id, state] : trial.fired) {
            at(id).fired += state.fired ? 1 : 0;
            at(id).errored += state.errored ? 1 : 0;
        }
    return results;
}

std::vector<FloorResult> floor_results(const Evidence& evidence) {
    std::vector<FloorResult> results;
    for (std::size_t s = 0; s < evidence.series.size(); ++s)
        results.push_back({evidence.series[s].metric, evidence.series[s].segment,
                           evidence.journal.base->noise_floor[s]});
    return results;
}

std::vector<FailureResult> failure_results(const Evidence& evidence) {
    std::vector<FailureResult> results;
    std::map<std::tuple<std::string, std::string, std::string>, std::size_t> place;
    for (const auto& trial : evidence.journal.trials) {
        if (trial.outcome != Outcome::crashed && trial.outcome != Outcome::timed_out) continue;
        const journal::Failure failure = trial.failure.value_or(journal::Failure{});
        const auto [at, added] =
            place.emplace(std::tuple(failure.node, failure.stage, failure.message), results.size());
        if (added)
            results.push_back({failure.node, failure.stage, failure.message, 0, trial.number});
        ++results[at->second].count;
    }
    return results;
}

}  // namespace faultline::findings
