#include "findings/silent.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <set>

#include "findings/finite.h"

namespace faultline::findings {
namespace {

using Mask = Eigen::Array<bool, Eigen::Dynamic, 1>;
using Masks = Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic>;

std::optional<double> given(double number) {
    return std::isnan(number) ? std::nullopt : std::optional(number);
}

/// Looks through the silent trials of one perturbation, a dose at a time.
class Search {
  public:
    Search(const Evidence& evidence, std::size_t perturbation)
        : evidence_(evidence), columns_(evidence.reached[perturbation]) {
        silent_.perturbation = evidence.scenario.perturbations[perturbation].id;
        silent_.node = evidence.node_of(perturbation);
        vanished_ = appeared_ = Mask::Constant(static_cast<Eigen::Index>(columns_.size()), false);
    }

    void look_at(const Dose& of_all) {
        Dose dose;
        dose.perturbation = of_all.perturbation;
        std::copy_if(of_all.survivors.begin(), of_all.survivors.end(),
                     std::back_inserter(dose.survivors),
                     [](const auto* trial) { return trial->outcome == journal::Outcome::silent; });
        silent_.trials += dose.survivors.size();
        const Eigen::ArrayXXd values = evidence_.values_of(dose);
        if (values.size() > 0) look_at_numbers(dose, values);
        for (const auto* trial : dose.survivors)
            for (const auto& [series, value] : trial->extra)
                if (fresh_.insert(series.metric + "\n" + series.segment.dump()).second)
                    note(silent_.appeared, series, value, trial->number);
    }

    /// Nothing where no trial was silent.
    std::optional<Silent> found() {
        if (silent_.trials == 0) return std::nullopt;
        const bool lost = silent_.vanished.count > 0;
        const Changed& changed = lost ? silent_.vanished : silent_.appeared;
        if (worst_ <= 1 && changed.count > 0) {
            silent_.metric = changed.metric;
            silent_.segment = changed.segment;
            silent_.worst_trial = changed.trial;
            silent_.base = lost ? changed.number : std::nullopt;
            silent_.value = lost ? std::nullopt : changed.number;
            silent_.damage = std::nullopt;
        }
        return silent_;
    }

  private:
    [[nodiscard]] const journal::Series& series_at(Eigen::Index column) const {
        return evidence_
            .series[static_cast<std::size_t>(columns_[static_cast<std::size_t>(column)])];
    }

    static void note(Changed& changed, const journal::Series& series, std::optional<double> number,
                     std::uint64_t trial) {
        if (changed.count++ > 0) return;
        changed.metric = series.metric;
        changed.segment = series.segment;
        changed.number = number;
        changed.trial = trial;
    }

    void look_at_numbers(const Dose& dose, const Eigen::ArrayXXd& values) {
        const auto rows = values.rows();
        const Eigen::ArrayXXd base =
            Eigen::ArrayXd(evidence_.base(columns_)).transpose().replicate(rows, 1);
        const Eigen::ArrayXXd allowed =
            Eigen::ArrayXd(evidence_.tolerance(columns_)).transpose().replicate(rows, 1);
        // Equal numbers have moved by nothing, also where the tolerance is 0 or both are infinite.
        const Eigen::ArrayXXd moved = (values == base).select(0.0, (values - base).abs() / allowed);
        Eigen::Index row = 0, column = 0;
        const double worst = moved.isNaN().select(-1.0, moved).maxCoeff(&row, &column);
        if (worst > worst_) {
            worst_ = worst;
            silent_.metric = series_at(column).metric;
            silent_.segment = series_at(column).segment;
            silent_.worst_trial = dose.survivors[static_cast<std::size_t>(row)]->number;
            silent_.base = given(base(row, column));
            silent_.value = given(values(row, column));
            silent_.damage = finite(worst);
        }
        look_for_changed(dose, values.isNaN() && !base.isNaN(), base, vanished_, silent_.vanished);
        look_for_changed(dose, base.isNaN() && !values.isNaN(), values, appeared_,
                         silent_.appeared);
    }

    void look_for_changed(const Dose& dose, const Masks& hit, const Eigen::ArrayXXd& numbers,
                          Mask& known, Changed& changed) {
        const Mask here = hit.colwise().any().transpose();
        for (Eigen::Index column = 0; column < here.size(); ++column) {
            if (!here(column) || known(column)) continue;
            Eigen::Index row = 0;
            hit.col(column).cast<int>().maxCoeff(&row);
            note(changed, series_at(column), given(numbers(row, column)),
                 dose.survivors[static_cast<std::size_t>(row)]->number);
        }
        known = known || here;
    }

    const Evidence& evidence_;
    const std::vector<Eigen::Index>& columns_;
    Silent silent_;
    double worst_ = 0;
    Mask vanished_, appeared_;
    std::set<std::string> fresh_;
};

}  // namespace

std::vector<Silent> silent_failures(const Evidence& evidence) {
    std::vector<Silent> all;
    for (std::size_t p = 0; p < evidence.sites.size(); ++p) {
        Search search(evidence, p);
        for (const auto& dose : evidence.doses)
            if (dose.perturbation == p) search.look_at(dose);
        if (auto found = search.found()) all.push_back(std::move(*found));
    }
    return all;
}

}  // namespace faultline::findings
