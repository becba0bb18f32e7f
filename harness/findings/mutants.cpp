#include "findings/mutants.h"

#include <algorithm>
#include <map>

#include "findings/tallies.h"

namespace faultline::findings {
namespace {

std::size_t node_or_none(const Evidence& evidence, const std::string& name) {
    return evidence.pipeline.find(name).value_or(evidence.pipeline.nodes.size());
}

double rows_hit(const journal::TrialRecord& trial, const std::string& perturbation) {
    const model::Json key = trial.answer_keys.at(perturbation);
    if (!key.is_object()) return 0;
    double rows = 0;
    for (const char* what : {"rows_added", "rows_removed", "rows_changed"})
        if (const auto count = key.find(what); count != key.end() && count->is_number())
            rows += count->get<double>();
    return rows;
}

/// The dose that a mutant is: the largest.
const Dose* largest_dose(const Evidence& evidence, std::size_t perturbation) {
    const Dose* largest = nullptr;
    for (const auto& dose : evidence.doses)
        if (dose.perturbation == perturbation) largest = &dose;  // they come by severity
    return largest;
}

}  // namespace

std::vector<std::optional<std::size_t>> distances_from(const graph::Dag& dag, std::size_t node) {
    std::vector<std::optional<std::size_t>> distances(dag.size());
    distances[node] = 0;
    for (const auto here : dag.order())
        if (distances[here])
            for (const auto next : dag.consumers(here))
                distances[next] =
                    std::min(distances[next].value_or(dag.size()), *distances[here] + 1);
    return distances;
}

Guardrails guardrails_of(const Evidence& evidence) {
    Guardrails guardrails;
    for (const auto& result : check_results(evidence)) {
        Guardrails::Check check;
        check.id = result.id;
        check.node = result.node;
        check.fired_in_base = result.fired_in_base;
        const std::size_t node = node_or_none(evidence, result.node);
        if (node < evidence.pipeline.nodes.size()) {
            check.owner = evidence.pipeline.nodes[node].owner;
            check.reads.push_back(node);
        }
        if (const auto stated = evidence.journal.header.check_reads.find(result.id);
            stated != evidence.journal.header.check_reads.end())
            for (const auto& name : stated->second)
                if (const auto read = node_or_none(evidence, name);
                    read < evidence.pipeline.nodes.size() && read != node)
                    check.reads.push_back(read);
        check.after.assign(evidence.pipeline.nodes.size(), false);
        for (const std::size_t read : check.reads) {
            const auto above = evidence.dag.ancestors(read);
            for (std::size_t n = 0; n < above.size(); ++n)
                check.after[n] = check.after[n] || above[n];
        }
        guardrails.checks.push_back(std::move(check));
    }
    return guardrails;
}

std::vector<Mutant> mutants_of(const Evidence& evidence, const Guardrails& guardrails) {
    std::map<std::string, std::size_t> place;
    for (std::size_t c = 0; c < guardrails.checks.size(); ++c) place[guardrails.checks[c].id] = c;
    std::vector<Mutant> mutants;
    for (std::size_t p = 0; p < evidence.sites.size(); ++p) {
        const Dose* dose = largest_dose(evidence, p);
        if (dose == nullptr) continue;
        Mutant mutant;
        mutant.perturbation = p;
        mutant.benign = evidence.is_benign(p);
        mutant.trials.reserve(dose->trials.size());
        for (const auto* trial : dose->trials) {
            MutantTrial one{trial, static_cast<std::uint32_t>(mutant.firings.size()), 0};
            for (const auto& [check, state] : trial->fired)
                if (state.fired)
                    if (const auto at = place.find(check); at != place.end())
                        mutant.firings.push_back(static_cast<std::uint32_t>(at->second));
            one.fired = static_cast<std::uint32_t>(mutant.firings.size()) - one.first;
            mutant.benign = mutant.benign && !did_harm(*trial);
            mutant.rows += rows_hit(*trial, evidence.scenario.perturbations[p].id);
            mutant.trials.push_back(one);
        }
        mutant.rows /= static_cast<double>(std::max<std::size_t>(1, mutant.trials.size()));
        const auto distances = distances_from(evidence.dag, evidence.first_seen(p));
        for (const auto& check : guardrails.checks) {
            std::optional<std::size_t> nearest;
            for (const std::size_t read : check.reads)
                if (distances[read])
                    nearest = std::min(nearest.value_or(*distances[read]), *distances[read]);
            mutant.distance.push_back(nearest);
        }
        mutants.push_back(std::move(mutant));
    }
    return mutants;
}

}  // namespace faultline::findings
