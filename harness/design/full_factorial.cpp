#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "design/factorial.h"
#include "design/method.h"
#include "design/sample_size.h"

namespace faultline::design {
namespace {

std::vector<double> levels_of(const model::DesignSpec& spec) {
    auto levels = spec.levels.empty() ? std::vector<double>{0, 1} : spec.levels;
    std::sort(levels.begin(), levels.end());
    return levels;
}

std::uint64_t combinations(std::uint64_t levels, std::size_t players) {
    std::uint64_t count = 1;
    for (std::size_t p = 0; p < players; ++p) count = times(count, levels);
    return count;
}

std::vector<Problem> factorial_problems(const model::DesignSpec& spec,
                                        const std::vector<Factor>& factors) {
    auto problems = refuse_keys(spec, "full_factorial", {Key::rows, Key::budget, Key::stop});
    const auto levels = levels_of(spec);
    if (levels.size() < 2)
        problems.push_back({"", "/design/levels", "one level", "at least two: 0 and 1, say", ""});
    const auto players = players_of(spec, factors).size();
    if (times(combinations(levels.size(), players), repeats_of(spec, factors)) >
        most_trials_of_a_design)
        problems.push_back(
            {"", "/design/method",
             fmt::format("\"full_factorial\" for {} factors at {} levels", players, levels.size()),
             fmt::format("so few that all combinations are at most {} trials; "
                         "plackett_burman and sobol need far fewer",
                         most_trials_of_a_design),
             ""});
    return problems;
}

SampledMethod factorial_sampled(const model::DesignSpec& spec, const std::vector<Factor>& factors) {
    auto players = players_of(spec, factors);
    if (players.empty()) return {};
    const auto levels = levels_of(spec);
    const auto steps = static_cast<double>(levels.size() - 1);
    const Sample once = full_factorial(players.size(), levels.size()).unaryExpr([&](double x) {
        return levels[static_cast<std::size_t>(std::lround((x + 1) / 2 * steps))];
    });
    return repeated_factorial(std::move(players), once, spec, factors, true);
}

}  // namespace

extern const Method full_factorial_design;
const Method full_factorial_design =
    wholly_sampled<factorial_sampled>("full_factorial", factorial_problems);

}  // namespace faultline::design
