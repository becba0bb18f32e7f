#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/error.h"
#include "design/method.h"

namespace faultline::design {
namespace {

/// A slip of the keyboard (replicates of a billion) is refused before it fills the memory.

const std::vector<double> full_dose{1.0};

/// A binary fault is on from here; below it is the identity and would only repeat the base.
constexpr double binary_threshold = 0.5;

/// The severities at which `factor` is tried, ascending, each once.
std::vector<double> levels_of(const Factor& factor, const model::DesignSpec& spec) {
    std::vector<double> levels = spec.levels;
    if (levels.empty()) levels = full_dose;
    std::sort(levels.begin(), levels.end());
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    if (factor.binary) std::erase_if(levels, [](double level) { return level < binary_threshold; });
    return levels;
}

/// The number of trials, or the largest number when there are too many to count.
std::uint64_t count_trials(const model::DesignSpec& spec, const std::vector<Factor>& factors) {
    std::uint64_t count = 0;
    for (const auto& factor : factors) {
        const std::uint64_t replicates = factor.draws ? spec.replicates : 1,
                            levels = levels_of(factor, spec).size();
        if (levels != 0 &&
            replicates > (std::numeric_limits<std::uint64_t>::max() - count) / levels)
            return std::numeric_limits<std::uint64_t>::max();
        count += replicates * levels;
    }
    return count;
}

std::vector<Problem> one_at_a_time_problems(const model::DesignSpec& spec,
                                            const std::vector<Factor>& factors) {
    auto problems =
        refuse_keys(spec, spec.method.c_str(),
                    {Key::rows, Key::budget, Key::stop, Key::groups, Key::second_order});
    for (const auto& factor : factors)
        if (levels_of(factor, spec).empty())
            problems.push_back(
                {"", "/design/levels", fmt::format("no level at which \"{}\" is on", factor.id),
                 fmt::format("a level of {} or more, since this fault is either on or off",
                             binary_threshold),
                 ""});
    if (count_trials(spec, factors) > most_trials_of_a_design)
        problems.push_back(
            {"", "/design/replicates", fmt::format("{}", spec.replicates),
             fmt::format("so many that the design has at most {} trials", most_trials_of_a_design),
             ""});
    return problems;
}

/// Each factor alone, at each of its levels, in each replicate: one block, known from the start.
class OneAtATime : public Design {
  public:
    OneAtATime(const model::DesignSpec& spec, std::vector<Factor> factors)
        : spec_(spec), factors_(std::move(factors)), size_(count_trials(spec_, factors_)) {}

    [[nodiscard]] std::vector<Trial> next(const History& history) const override {
        std::vector<Trial> trials;
        if (!history.trials.empty()) return trials;
        trials.reserve(size_);
        for (const auto& factor : factors_)
            for (const double level : levels_of(factor, spec_)) {
                const Severities dose{{factor.id, level}};
                for (std::uint64_t replicate = 0; replicate < (factor.draws ? spec_.replicates : 1);
                     ++replicate)
                    trials.push_back({trials.size(), 0, replicate, dose});
            }
        return trials;
    }
    [[nodiscard]] std::optional<std::uint64_t> size() const override { return size_; }

  private:
    model::DesignSpec spec_;
    std::vector<Factor> factors_;
    std::uint64_t size_;
};

}  // namespace

extern const Method one_at_a_time;
const Method one_at_a_time{"one_at_a_time", one_at_a_time_problems,
                           [](const model::DesignSpec& spec,
                              const std::vector<Factor>& factors) -> std::unique_ptr<Design> {
                               return std::make_unique<OneAtATime>(spec, factors);
                           }};

}  // namespace faultline::design
