#include "findings/deviation.h"

#include <fmt/format.h>

#include <algorithm>

#include "findings/wording.h"

namespace faultline::findings {
namespace {

/// Collects the clauses of one dose.
class Clauses {
  public:
    Clauses(const Evidence& evidence, const DoseEstimates& of_dose)
        : evidence_(evidence), of_dose_(of_dose) {
        crashes();
        loses();
        gains();
        moves();
    }

    std::optional<Deviation> deviation() const {
        if (clauses_.empty()) return std::nullopt;
        std::string does;
        for (std::size_t i = 0; i < clauses_.size(); ++i)
            does += (i == 0 ? "" : i + 1 == clauses_.size() ? ", and " : ", ") + clauses_[i];
        return Deviation{&of_dose_, {damage_, broke_}, does};
    }

  private:
    [[nodiscard]] std::string series_at(Eigen::Index at) const {
        const auto s = evidence_.reached[of_dose_.dose->perturbation][static_cast<std::size_t>(at)];
        return series_name(evidence_.series[static_cast<std::size_t>(s)]);
    }

    void add_break(std::string clause) {
        clauses_.push_back(std::move(clause));
        broke_ = true;
    }

    void crashes() {
        if (of_dose_.crashed == 0) return;
        const auto& trials = of_dose_.dose->trials;
        const auto first = std::find_if(trials.begin(), trials.end(), [](const auto* trial) {
            return trial->outcome == journal::Outcome::crashed ||
                   trial->outcome == journal::Outcome::timed_out;
        });
        const bool late = (*first)->outcome == journal::Outcome::timed_out;
        const std::string place = (*first)->failure ? (*first)->failure->node : "";
        const std::string how_often = of_unless_all(of_dose_.crashed, trials.size());
        add_break((late ? "runs out of time" : "crashes") + how_often +
                  (place.empty() ? "" : (how_often.empty() ? " at " : ", first at ") + place));
    }

    void loses() {
        const auto& lost = of_dose_.lost;
        if (lost.size() == 0 || !(lost > 0).any()) return;
        Eigen::Index at = 0;
        const std::int64_t most = lost.maxCoeff(&at);
        add_break(fmt::format("loses {}{}{}", series_at(at), and_more((lost > 0).count() - 1),
                              of_unless_all(most, of_dose_.dose->survivors.size())));
    }

    void gains() {
        const auto& appeared = of_dose_.appeared;
        const std::int64_t known = appeared.size() == 0 ? 0 : (appeared > 0).count();
        const auto all = known + static_cast<std::int64_t>(of_dose_.fresh.size());
        if (all == 0) return;
        std::string name;
        std::int64_t trials = 0;
        if (!of_dose_.fresh.empty()) {
            name = series_name(of_dose_.fresh.front().series);
            trials = of_dose_.fresh.front().trials;
        } else {
            Eigen::Index at = 0;
            trials = appeared.maxCoeff(&at);
            name = series_at(at);
        }
        add_break(fmt::format("makes {}{} appear{}", name, and_more(all - 1),
                              of_unless_all(trials, of_dose_.dose->survivors.size())));
    }

    void moves() {
        const auto& damage = of_dose_.damage;
        if (damage.estimate.size() == 0) return;
        const Eigen::Array<bool, Eigen::Dynamic, 1> beyond = damage.low > 1;
        if (!beyond.any()) return;
        Eigen::Index at = 0;
        damage_ = beyond.select(damage.estimate, -1.0).maxCoeff(&at);
        const auto more = beyond.count() - 1;
        clauses_.push_back(fmt::format("moves {} by {}{}", series_at(at),
                                       damage_text(evidence_, damage, at),
                                       more == 0   ? ""
                                       : more == 1 ? " and 1 more beyond its own"
                                                   : and_more(more) + " beyond theirs"));
    }

    const Evidence& evidence_;
    const DoseEstimates& of_dose_;
    std::vector<std::string> clauses_;
    double damage_ = -1;
    bool broke_ = false;
};

}  // namespace

std::optional<Deviation> deviation_of(const Evidence& evidence, const DoseEstimates& of_dose) {
    return Clauses(evidence, of_dose).deviation();
}

std::vector<std::string> deviations(const Evidence& evidence,
                                    const std::vector<DoseEstimates>& estimates) {
    struct Found {
        Deviation worst;
        double lowest = 0;  ///< severity
    };
    std::vector<Found> all;
    for (const auto& of_dose : estimates) {
        auto deviation = deviation_of(evidence, of_dose);
        if (!deviation) continue;
        const Dose& dose = *of_dose.dose;
        // Doses come by perturbation, then severity.
        if (all.empty() || all.back().worst.of_dose->dose->perturbation != dose.perturbation)
            all.push_back({std::move(*deviation), dose.severity});
        else if (!all.back().worst.harm.worse_than(deviation->harm))
            all.back().worst = std::move(*deviation);
    }
    std::stable_sort(all.begin(), all.end(), [](const Found& a, const Found& b) {
        return a.worst.harm.worse_than(b.worst.harm);
    });
    std::vector<std::string> sentences;
    for (const auto& [worst, lowest] : all) {
        const Dose& dose = *worst.of_dose->dose;
        sentences.push_back(dose_name(evidence, dose) + " " + worst.does +
                            (lowest < dose.severity
                                 ? "; severity " + short_number(lowest) + " is enough to deviate"
                                 : ""));
    }
    return sentences;
}

}  // namespace faultline::findings
