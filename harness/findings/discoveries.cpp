#include "findings/discoveries.h"

#include <cmath>
#include <set>

#include "analysis/discoveries.h"

namespace faultline::findings {
namespace {

struct Tests {
    std::vector<double> p_values;
    std::vector<std::size_t> nodes;  ///< by test
};

/// Changes less what the metric moves by itself: 0 within the floor.
Eigen::ArrayXXd beyond_floor(const Evidence& evidence, const Dose& dose) {
    const auto& reached = evidence.reached[dose.perturbation];
    Eigen::ArrayXXd change = evidence.values_of(dose);
    const auto& floors = evidence.journal.base->noise_floor;
    for (Eigen::Index column = 0; column < change.cols(); ++column) {
        const auto series = reached[static_cast<std::size_t>(column)];
        const double base = evidence.base(series), floor = floors[static_cast<std::size_t>(series)];
        for (Eigen::Index row = 0; row < change.rows(); ++row) {
            const double moved = change(row, column) == base ? 0 : change(row, column) - base;
            change(row, column) = std::isnan(moved)          ? moved
                                  : std::abs(moved) <= floor ? 0
                                                             : moved - std::copysign(floor, moved);
        }
    }
    return change;
}

void test_doses(const Evidence& evidence, const std::vector<DoseEstimates>& estimates,
                Tests& tests) {
    for (const auto& of_dose : estimates) {
        const Dose& dose = *of_dose.dose;
        if (evidence.reached[dose.perturbation].empty()) continue;
        const Eigen::ArrayXd p_values =
            analysis::p_values_of_mean(beyond_floor(evidence, dose), dose.deterministic);
        for (Eigen::Index i = 0; i < p_values.size(); ++i) {
            tests.p_values.push_back(p_values(i));
            tests.nodes.push_back(evidence.sites[dose.perturbation]);
        }
    }
}

/// Radial designs, trajectories and walks change one factor at a time under the same draws: what
/// moves then, moves because of it. Two-level designs compare means, and are tested as such.
void test_players(const Evidence& evidence, const Sampled& sampled, Tests& tests) {
    for (const auto& index : sampled.indices) {
        if (index.index != "change") continue;
        const auto& player = sampled.players()[index.player];
        for (Eigen::Index s = 0; s < index.estimates.estimate.size(); ++s) {
            const double floor = evidence.journal.base->noise_floor[static_cast<std::size_t>(s)];
            const double seen = index.estimates.estimate(s);
            const bool moved = index.across_draws ? index.estimates.low(s) > floor : seen > floor;
            for (const std::size_t node : nodes_of(evidence, player)) {
                // A compared mean's interval already decides at the asked confidence.
                tests.p_values.push_back(std::isnan(seen) ? seen : moved ? 0.0 : 1.0);
                tests.nodes.push_back(node);
            }
        }
    }
}

}  // namespace

Discovered discoveries(const Evidence& evidence, const std::vector<DoseEstimates>& estimates,
                       const Sampled* sampled) {
    Discovered result;
    result.rate = 1 - evidence.scenario.design.confidence;
    Tests tests;
    if (!evidence.journal.base) return result;
    test_doses(evidence, estimates, tests);
    if (sampled != nullptr) test_players(evidence, *sampled, tests);
    const auto found = analysis::control_false_discoveries(
        Eigen::Map<const Eigen::ArrayXd>(tests.p_values.data(),
                                         static_cast<Eigen::Index>(tests.p_values.size())),
        result.rate);
    result.tests = found.tested;
    std::set<std::size_t> nodes;
    for (std::size_t t = 0; t < tests.nodes.size(); ++t)
        if (found.found(static_cast<Eigen::Index>(t))) {
            nodes.insert(tests.nodes[t]);
            ++result.found;
        }
    for (const std::size_t node : nodes) result.nodes.push_back(evidence.pipeline.nodes[node].name);
    return result;
}

}  // namespace faultline::findings
