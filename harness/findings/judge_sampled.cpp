#include "findings/judge_sampled.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "findings/wording.h"

namespace faultline::findings {
namespace {

class SampledJudge {
  public:
    SampledJudge(const Evidence& evidence, const Sampled& sampled)
        : evidence_(evidence), sampled_(sampled) {}

    SampledReasons say() {
        breaks();
        std::vector<std::size_t> worst_first(sampled_.players().size());
        for (std::size_t p = 0; p < worst_first.size(); ++p) worst_first[p] = p;
        std::stable_sort(worst_first.begin(), worst_first.end(),
                         [&](std::size_t a, std::size_t b) { return most(a) > most(b); });
        for (const std::size_t p : worst_first)
            moves(sampled_.players()[p].name + " alone", sampled_.damage[p], "moves");
        moves(fmt::format("all {} factors together", sampled_.players().size()), sampled_.together,
              "move");
        if (sampled_.survivors == 0)
            reasons_.unknown.push_back("no trial survived to say anything");
        return std::move(reasons_);
    }

  private:
    [[nodiscard]] double most(std::size_t player) const {
        const auto& damage = sampled_.damage[player].estimate;
        return damage.size() == 0 ? 0 : damage.isNaN().select(-1.0, damage).maxCoeff();
    }

    void breaks() {
        if (sampled_.crashed > 0)
            reasons_.deviated.push_back(
                fmt::format("crashes or runs out of time in {}",
                            of(sampled_.crashed, static_cast<std::size_t>(sampled_.trials))));
        const auto lost = std::max_element(sampled_.lost.begin(), sampled_.lost.end());
        if (lost != sampled_.lost.end() && *lost > 0) {
            const auto others = std::count_if(sampled_.lost.begin(), sampled_.lost.end(),
                                              [](auto count) { return count > 0; }) -
                                1;
            const auto at = static_cast<std::size_t>(lost - sampled_.lost.begin());
            reasons_.deviated.push_back(
                fmt::format("loses {}{} in {}", series_name(evidence_.series[at]), and_more(others),
                            of(*lost, static_cast<std::size_t>(sampled_.survivors))));
        }
        if (sampled_.fresh > 0)
            reasons_.deviated.push_back(
                fmt::format("makes a segment appear in {}",
                            of(sampled_.fresh, static_cast<std::size_t>(sampled_.survivors))));
    }

    void moves(const std::string& who, const analysis::Estimates& damage, const char* verb) {
        if (damage.estimate.size() == 0) return;
        const auto beyond = (damage.low > 1).eval();
        const auto open = (damage.low <= 1 && damage.high >= 1 && damage.low < damage.high).eval();
        if (beyond.any()) {
            Eigen::Index at = 0;
            beyond.select(damage.estimate, -1.0).maxCoeff(&at);
            reasons_.deviated.push_back(
                fmt::format("{} {} {} by {} on average{}", who, verb, series_at(at),
                            damage_text(evidence_, damage, at), and_more(beyond.count() - 1)));
        }
        if (open.any()) {
            Eigen::Index at = 0;
            open.select(damage.estimate, -1.0).maxCoeff(&at);
            reasons_.unknown.push_back(fmt::format(
                "whether {} {} {}{} out of tolerance is open: {}; more rows would tell", who, verb,
                series_at(at), and_more(open.count() - 1), damage_text(evidence_, damage, at)));
        }
    }

    [[nodiscard]] std::string series_at(Eigen::Index at) const {
        return series_name(evidence_.series[static_cast<std::size_t>(at)]);
    }

    const Evidence& evidence_;
    const Sampled& sampled_;
    SampledReasons reasons_;
};

}  // namespace

SampledReasons judge_sampled(const Evidence& evidence, const Sampled& sampled) {
    return SampledJudge(evidence, sampled).say();
}

}  // namespace faultline::findings
