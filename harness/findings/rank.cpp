#include "findings/rank.h"

#include <algorithm>
#include <limits>
#include <map>

#include "core/special_values.h"
#include "findings/finite.h"
#include "findings/harm.h"
#include "findings/tallies.h"

namespace faultline::findings {
namespace {

struct Candidate {
    Ranked row;
    Harm harm;
    std::size_t place = 0;  ///< of the node in the pipeline
};

/// Takes over the worst series of a dose when it is worse than what is known of the node. The first
/// of equals stays.
void consider(const Evidence& evidence, const DoseEstimates& of_dose, Candidate& candidate) {
    candidate.harm.broke = candidate.harm.broke || of_dose.crashed > 0 || of_dose.lost_or_new();
    const auto& reached = evidence.reached[of_dose.dose->perturbation];
    if (reached.empty()) {
        // No path leads from it to any metric: its damage is known without a trial.
        if (candidate.harm.damage >= 0) return;
        candidate.harm.damage = 0;
        candidate.row.damage = candidate.row.low = candidate.row.high = 0.0;
        return;
    }
    Eigen::Index at = 0;
    const double worst =
        of_dose.damage.estimate.isNaN().select(-1.0, of_dose.damage.estimate).maxCoeff(&at);
    if (worst <= candidate.harm.damage || worst < 0) return;
    const auto& series =
        evidence.series[static_cast<std::size_t>(reached[static_cast<std::size_t>(at)])];
    candidate.harm.damage = worst;
    Ranked& row = candidate.row;
    row.unbounded = worst == infinity;
    row.damage = finite(worst);
    row.low = finite(of_dose.damage.low(at));
    row.high = finite(of_dose.damage.high(at));
    if (worst == 0) return;  // nothing moved: no metric is the worst one
    row.worst_metric = series.metric;
    row.worst_segment = series.segment;
    row.worst_perturbation = evidence.perturbation_of(*of_dose.dose).id;
}

/// The same for a player of a design that varies everything at once.
void consider(const Evidence& evidence, const Sampled& sampled, std::size_t player,
              Candidate& candidate) {
    for (const auto& index : sampled.crash)
        if (index.player == player && index.index != "change" && index.estimates.low(0) > 0)
            candidate.harm.broke = true;
    const auto& damage = sampled.damage[player];
    if (damage.estimate.size() == 0) return;
    Eigen::Index at = 0;
    const double worst = damage.estimate.isNaN().select(-1.0, damage.estimate).maxCoeff(&at);
    if (worst <= candidate.harm.damage || worst < 0) return;
    const auto& series = evidence.series[static_cast<std::size_t>(at)];
    candidate.harm.damage = worst;
    Ranked& row = candidate.row;
    row.unbounded = worst == infinity;
    row.damage = finite(worst);
    row.low = finite(damage.low(at));
    row.high = finite(damage.high(at));
    if (worst == 0) return;
    row.worst_metric = series.metric;
    row.worst_segment = series.segment;
    row.worst_perturbation = sampled.players()[player].name;
}

}  // namespace

std::vector<Ranked> rank(const Evidence& evidence, const std::vector<DoseEstimates>& estimates,
                         const Sampled* sampled) {
    std::map<std::size_t, Candidate> by_node;
    for (std::size_t p = 0; p < evidence.sites.size(); ++p) {
        Candidate& candidate = by_node[evidence.sites[p]];
        candidate.place = evidence.sites[p];
        candidate.row.node = evidence.node_of(p);
        candidate.row.owner = evidence.pipeline.nodes[candidate.place].owner;
    }
    for (const auto& of_dose : estimates)
        consider(evidence, of_dose, by_node[evidence.sites[of_dose.dose->perturbation]]);
    if (sampled != nullptr) {
        for (std::size_t p = 0; p < sampled->players().size(); ++p)
            for (const std::size_t node : nodes_of(evidence, sampled->players()[p]))
                consider(evidence, *sampled, p, by_node[node]);
        // What can reach no metric was left out, and its damage is known.
        for (std::size_t p = 0; p < evidence.factors.size(); ++p) {
            Candidate& candidate = by_node[evidence.sites[p]];
            if (evidence.factors[p].reaches || candidate.harm.damage >= 0) continue;
            candidate.harm.damage = 0;
            candidate.row.damage = candidate.row.low = candidate.row.high = 0.0;
        }
    }
    std::vector<Candidate> candidates;
    for (auto& [place, candidate] : by_node) {
        candidate.row.outcomes = outcomes_of_node(evidence, place);
        candidates.push_back(std::move(candidate));
    }
    // Stable, and the map was in the pipeline's order: that is the last tie-breaker.
    std::stable_sort(
        candidates.begin(), candidates.end(),
        [](const Candidate& a, const Candidate& b) { return a.harm.worse_than(b.harm); });
    std::vector<Ranked> ranking;
    for (auto& candidate : candidates) ranking.push_back(std::move(candidate.row));
    return ranking;
}

}  // namespace faultline::findings
