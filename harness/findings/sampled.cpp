#include "findings/sampled.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/error.h"
#include "core/special_values.h"
#include "design/radial_change.h"

namespace faultline::findings {
namespace {

/// The runs of whole chunks as matrices. A trial that is missing, of a run that was cut off, is one
/// without values: estimators leave out what it belongs to.
struct Runs {
    Eigen::ArrayXXd inputs, outputs, crashed;
    std::vector<const journal::TrialRecord*> trials;
    std::uint64_t chunks = 0;
};

Runs runs_of(const Evidence& evidence) {
    const auto& [method, first] = *evidence.sampled;
    Runs runs;
    std::uint64_t end = first;
    for (const auto& trial : evidence.journal.trials) {
        if (trial.number < first) continue;
        runs.trials.push_back(&trial);
        end = std::max(end, trial.number + 1);
    }
    runs.chunks = (end - first + method.runs - 1) / method.runs;
    const auto rows = static_cast<Eigen::Index>(runs.chunks * method.runs);
    runs.inputs.resize(rows, static_cast<Eigen::Index>(design::columns_of(method.players).size()));
    for (std::uint64_t chunk = 0; chunk < runs.chunks; ++chunk)
        runs.inputs.middleRows(static_cast<Eigen::Index>(chunk * method.runs),
                               static_cast<Eigen::Index>(method.runs)) = method.sample(chunk);
    runs.outputs =
        Eigen::ArrayXXd::Constant(rows, static_cast<Eigen::Index>(evidence.series.size()), nothing);
    runs.crashed = Eigen::ArrayXXd::Constant(rows, 1, nothing);
    for (const auto* trial : runs.trials) {
        const auto row = static_cast<Eigen::Index>(trial->number - first);
        const auto expected =
            design::severities_of(method.players, evidence.factors, runs.inputs.row(row));
        if (trial->severities != expected)
            throw Error(ErrorKind::user,
                        "trial " + std::to_string(trial->number) +
                            " of the journal is not the one that its scenario's "
                            "design has there; was it written by another version?");
        if (trial->outcome == journal::Outcome::not_applied) continue;
        runs.crashed(row, 0) = survived(*trial) ? 0 : 1;
        if (!survived(*trial)) continue;
        for (std::size_t s = 0; s < evidence.series.size(); ++s)
            runs.outputs(row, static_cast<Eigen::Index>(s)) = trial->values[s].value_or(nothing);
    }
    return runs;
}

/// |change| in tolerances. A tolerance of 0 leaves no room: any change is infinitely many of it.
Eigen::ArrayXd in_tolerances(const Eigen::ArrayXd& change, const Eigen::ArrayXd& tolerance) {
    return (change == 0).select(0.0, (tolerance == 0).select(infinity, change / tolerance));
}

analysis::Estimates in_tolerances(const analysis::Estimates& change,
                                  const Eigen::ArrayXd& tolerance) {
    analysis::Estimates damage = change;
    damage.estimate =
        change.estimate.isNaN().select(nothing, in_tolerances(change.estimate, tolerance));
    damage.low = in_tolerances(change.low, tolerance);
    damage.high = in_tolerances(change.high, tolerance);
    return damage;
}

void count_trials(const Evidence& evidence, const Runs& runs, Sampled& sampled) {
    sampled.trials = static_cast<std::int64_t>(runs.trials.size());
    sampled.lost.assign(evidence.series.size(), 0);
    for (const auto* trial : runs.trials) {
        if (!survived(*trial)) {
            sampled.crashed += trial->outcome != journal::Outcome::not_applied;
            continue;
        }
        ++sampled.survivors;
        sampled.fresh += trial->extra.empty() ? 0 : 1;
        for (std::size_t s = 0; s < evidence.series.size(); ++s)
            sampled.lost[s] +=
                !trial->values[s] && !std::isnan(evidence.base(static_cast<Eigen::Index>(s)));
    }
}

}  // namespace

std::optional<Sampled> read_sampled(const Evidence& evidence) {
    if (!evidence.sampled || evidence.sampled->method.players.empty()) return std::nullopt;
    const auto& method = evidence.sampled->method;
    const Runs runs = runs_of(evidence);
    if (runs.trials.empty()) return std::nullopt;
    Sampled sampled;
    sampled.part = &*evidence.sampled;
    count_trials(evidence, runs, sampled);
    sampled.blocks = method.replicates * runs.chunks;
    sampled.confidence = design::confidence_after(evidence.scenario.design, runs.chunks);
    sampled.indices = method.estimate(runs.inputs, runs.outputs, sampled.confidence);
    for (const auto& index : sampled.indices)
        if (index.index == "change")
            sampled.damage.push_back(in_tolerances(index.estimates, evidence.tolerance));
    if (sampled.crashed > 0)
        sampled.crash = method.estimate(runs.inputs, runs.crashed, sampled.confidence);
    const Eigen::ArrayXXd distance = (runs.outputs.rowwise() - evidence.base.transpose()).abs();
    sampled.together = in_tolerances(
        design::mean_by_blocks(distance, method.replicates * runs.chunks, sampled.confidence),
        evidence.tolerance);
    if (method.exact) sampled.together.low = sampled.together.high = sampled.together.estimate;
    return sampled;
}

std::vector<std::size_t> nodes_of(const Evidence& evidence, const design::Player& player) {
    std::set<std::size_t> nodes;
    for (const std::size_t member : player.members) nodes.insert(evidence.sites[member]);
    return {nodes.begin(), nodes.end()};
}

}  // namespace faultline::findings
