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

constexpr double tolerated = 1;

/// One-sided: more than tolerated? From a two-sided p-value of "exactly as much".
double above(double two_sided, double estimate) {
    if (std::isnan(estimate)) return estimate;
    // Unbounded: the tolerance is 0, and something moved.
    if (std::isinf(estimate)) return 0;
    return estimate > tolerated ? two_sided / 2 : 1 - two_sided / 2;
}

/// |change| in tolerances, survivors × reached series.
Eigen::ArrayXXd damages_of(const Evidence& evidence, const Dose& dose) {
    const auto& reached = evidence.reached[dose.perturbation];
    Eigen::ArrayXXd damage = evidence.values_of(dose);
    for (Eigen::Index column = 0; column < damage.cols(); ++column) {
        const auto series = reached[static_cast<std::size_t>(column)];
        const double base = evidence.base(series), allowed = evidence.tolerance(series);
        for (Eigen::Index row = 0; row < damage.rows(); ++row) {
            const double value = damage(row, column);
            damage(row, column) = value == base ? 0 : std::abs(value - base) / allowed;
        }
    }
    return damage;
}

void test_doses(const Evidence& evidence, const std::vector<DoseEstimates>& estimates,
                Tests& tests) {
    for (const auto& of_dose : estimates) {
        const Dose& dose = *of_dose.dose;
        if (evidence.reached[dose.perturbation].empty()) continue;
        const Eigen::ArrayXXd damage = damages_of(evidence, dose);
        const Eigen::ArrayXd two_sided =
            analysis::p_values_of_mean(damage, dose.deterministic, tolerated);
        for (Eigen::Index i = 0; i < two_sided.size(); ++i) {
            tests.p_values.push_back(above(two_sided(i), of_dose.damage.estimate(i)));
            tests.nodes.push_back(evidence.sites[dose.perturbation]);
        }
    }
}

void test_players(const Evidence& evidence, const Sampled& sampled, Tests& tests) {
    const auto players = static_cast<double>(sampled.players().size());
    for (const auto& index : sampled.indices) {
        // What a union does, its members do: they are asked.
        if (index.index != "change" || index.player >= sampled.players().size()) continue;
        // Its interval is cut off at 0; the upper half says how wide it is.
        analysis::Estimates damage = sampled.damage[index.player];
        damage.low = 2 * damage.estimate - damage.high;
        const Eigen::ArrayXd freedom =
            index.across_draws ? (damage.count.cast<double>() - players - 1).max(1).eval()
                               : Eigen::ArrayXd::Constant(damage.estimate.size(),
                                                          static_cast<double>(sampled.blocks) - 1);
        const Eigen::ArrayXd two_sided =
            analysis::p_values_of_interval(damage, sampled.confidence, freedom, tolerated);
        for (Eigen::Index s = 0; s < two_sided.size(); ++s)
            for (const std::size_t node : nodes_of(evidence, sampled.players()[index.player])) {
                tests.p_values.push_back(above(two_sided(s), damage.estimate(s)));
                tests.nodes.push_back(node);
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
