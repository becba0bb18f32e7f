#include "findings/silent.h"

#include <limits>

#include "findings/finite.h"

namespace faultline::findings {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Trials × reached series: each number's distance from the base in tolerances. A number that was
/// lost or is new is beyond any tolerance; two that are both missing are no change.
Eigen::ArrayXXd breach_of(const Evidence& evidence, const Dose& dose,
                          const Eigen::ArrayXXd& values) {
    const auto& columns = evidence.reached[dose.perturbation];
    const Eigen::ArrayXXd base =
        Eigen::ArrayXd(evidence.base(columns)).transpose().replicate(values.rows(), 1);
    const Eigen::ArrayXXd allowed =
        Eigen::ArrayXd(evidence.tolerance(columns)).transpose().replicate(values.rows(), 1);
    const auto same = values == base || (values.isNaN() && base.isNaN());
    const Eigen::ArrayXXd ratio = same.select(0.0, (values - base).abs() / allowed);
    return ratio.isNaN().select(infinity, ratio);
}

/// Puts the worst of a dose's silent trials into `silent` when it is worse than what is there.
void consider(const Evidence& evidence, const Dose& all, double& worst, Silent& silent) {
    Dose dose = all;
    std::erase_if(dose.survivors,
                  [](const auto* trial) { return trial->outcome != journal::Outcome::silent; });
    silent.trials += dose.survivors.size();
    const Eigen::ArrayXXd values = evidence.values_of(dose);
    if (values.size() > 0) {
        Eigen::Index row = 0, column = 0;
        const double found = breach_of(evidence, dose, values).maxCoeff(&row, &column);
        if (found > worst) {
            worst = found;
            const Eigen::Index at =
                evidence.reached[dose.perturbation][static_cast<std::size_t>(column)];
            const auto& series = evidence.series[static_cast<std::size_t>(at)];
            silent.metric = series.metric;
            silent.segment = series.segment;
            silent.worst_trial = dose.survivors[static_cast<std::size_t>(row)]->number;
            silent.base = finite(evidence.base(at));
            silent.value = finite(values(row, column));
            silent.damage = finite(found);
        }
    }
    for (const auto* trial : dose.survivors) {
        if (trial->extra.empty() || worst == infinity) continue;
        const auto& [series, value] = trial->extra.front();
        worst = infinity;
        silent.metric = series.metric;
        silent.segment = series.segment;
        silent.worst_trial = trial->number;
        silent.base = silent.damage = std::nullopt;
        silent.value = value ? finite(*value) : std::nullopt;
    }
}

}  // namespace

std::vector<Silent> silent_failures(const Evidence& evidence) {
    std::vector<Silent> found;
    for (std::size_t p = 0; p < evidence.sites.size(); ++p) {
        Silent silent;
        silent.perturbation = evidence.scenario.perturbations[p].id;
        silent.node = evidence.node_of(p);
        double worst = 0;
        for (const auto& dose : evidence.doses)
            if (dose.perturbation == p) consider(evidence, dose, worst, silent);
        if (silent.trials > 0) found.push_back(std::move(silent));
    }
    return found;
}

}  // namespace faultline::findings
