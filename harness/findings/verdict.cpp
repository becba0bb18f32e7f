#include "findings/verdict.h"

#include <fmt/format.h>

#include <algorithm>

#include "findings/deviation.h"
#include "findings/judge_sampled.h"
#include "findings/wording.h"

namespace faultline::findings {
namespace {

using Mask = Eigen::Array<bool, Eigen::Dynamic, 1>;

/// Collects what speaks against holding, a dose at a time.
class Judge {
  public:
    Judge(const Evidence& evidence, const std::vector<DoseEstimates>& estimates,
          const Sampled* sampled)
        : evidence_(evidence), estimates_(estimates), sampled_(sampled) {}

    Verdict say(const std::string& status) {
        for (const auto& of_dose : estimates_) {
            look_at_damage(of_dose);
            look_for_gaps(of_dose);
        }
        look_for_untried(status);
        auto deviated = deviations(evidence_, estimates_);
        if (sampled_ != nullptr) {
            auto more = judge_sampled(evidence_, *sampled_);
            deviated.insert(deviated.end(), more.deviated.begin(), more.deviated.end());
            unknown_.insert(unknown_.end(), more.unknown.begin(), more.unknown.end());
        }
        if (!deviated.empty()) return {"deviated", std::move(deviated)};
        if (!unknown_.empty()) return {"unknown", unknown_};
        return {"held", outliers_};
    }

  private:
    [[nodiscard]] std::string name(const DoseEstimates& of_dose) const {
        return dose_name(evidence_, *of_dose.dose);
    }
    [[nodiscard]] std::string series_at(const DoseEstimates& of_dose, Eigen::Index at) const {
        const auto s = evidence_.reached[of_dose.dose->perturbation][static_cast<std::size_t>(at)];
        return series_name(evidence_.series[static_cast<std::size_t>(s)]);
    }

    void look_at_damage(const DoseEstimates& of_dose) {
        const auto& damage = of_dose.damage;
        if (damage.estimate.size() == 0) return;
        const Mask open = damage.low <= 1 && damage.high >= 1 && damage.low < damage.high;
        if (open.any()) {
            Eigen::Index at = 0;
            open.select(damage.estimate, -1.0).maxCoeff(&at);
            unknown_.push_back(
                fmt::format("whether {} moves {}{} out of tolerance is open: {}; {}", name(of_dose),
                            series_at(of_dose, at), and_more(open.count() - 1),
                            damage_text(evidence_, damage, at), "more replicates would tell"));
        }
        look_for_outliers(of_dose);
    }

    /// Within tolerance on average, yet not every time: no verdict, but worth a sentence.
    void look_for_outliers(const DoseEstimates& of_dose) {
        const auto& survivors = of_dose.dose->survivors;
        const auto out = std::count_if(survivors.begin(), survivors.end(), [](const auto* trial) {
            return trial->outcome == journal::Outcome::silent ||
                   trial->outcome == journal::Outcome::detected;
        });
        if (out > 0)
            outliers_.push_back(
                fmt::format("every metric held on average, yet {} left a tolerance in {}",
                            name(of_dose), of(out, survivors.size())));
    }

    void look_for_gaps(const DoseEstimates& of_dose) {
        const auto& trials = of_dose.dose->trials;
        const auto idle = std::count_if(trials.begin(), trials.end(), [](const auto* trial) {
            return trial->outcome == journal::Outcome::not_applied;
        });
        if (idle > 0 && of_dose.dose->severity >= 1)
            unknown_.push_back(
                fmt::format("{} changed nothing in {}: its selection finds nothing to change",
                            name(of_dose), of(idle, trials.size())));
        else if (of_dose.dose->survivors.empty())
            unknown_.push_back(fmt::format("{} has no trial that says anything", name(of_dose)));
    }

    void look_for_untried(const std::string& status) {
        if (status != "completed")
            unknown_.push_back("the run was " + status +
                               " before its end; the trials that are missing may differ");
        if (evidence_.sampled && evidence_.sampled->first == 0) return;
        for (std::size_t p = 0; p < evidence_.sites.size(); ++p)
            if (std::none_of(estimates_.begin(), estimates_.end(),
                             [&](const auto& of_dose) { return of_dose.dose->perturbation == p; }))
                unknown_.push_back(evidence_.scenario.perturbations[p].id + " was never tried");
    }

    const Evidence& evidence_;
    const std::vector<DoseEstimates>& estimates_;
    const Sampled* sampled_;
    std::vector<std::string> unknown_, outliers_;
};

}  // namespace

Verdict judge(const Evidence& evidence, const std::vector<DoseEstimates>& estimates,
              const Sampled* sampled, const std::string& status) {
    return Judge(evidence, estimates, sampled).say(status);
}

}  // namespace faultline::findings
