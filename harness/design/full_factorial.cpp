#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "design/factorial_estimates.h"
#include "design/method.h"
#include "design/sample_size.h"

namespace faultline::design {
namespace {

constexpr std::uint64_t most_trials = 10'000'000;

std::vector<double> levels_of(const model::DesignSpec& spec) {
    auto levels = spec.levels.empty() ? std::vector<double>{0, 1} : spec.levels;
    std::sort(levels.begin(), levels.end());
    return levels;
}

std::uint64_t repeats_of(const model::DesignSpec& spec, const std::vector<Factor>& factors) {
    for (const auto& factor : factors)
        if (factor.draws && factor.reaches) return spec.replicates;
    return 1;
}

std::uint64_t combinations(std::uint64_t levels, std::size_t players) {
    std::uint64_t count = 1;
    for (std::size_t p = 0; p < players; ++p) count = times(count, levels);
    return count;
}

std::vector<Problem> problems_of(const model::DesignSpec& spec,
                                 const std::vector<Factor>& factors) {
    auto problems = refuse_keys(spec, "full_factorial", {Key::rows, Key::budget, Key::stop});
    const auto levels = levels_of(spec);
    if (levels.size() < 2)
        problems.push_back({"", "/design/levels", "one level", "at least two: 0 and 1, say", ""});
    const auto players = players_of(spec, factors).size();
    if (times(combinations(levels.size(), players), repeats_of(spec, factors)) > most_trials)
        problems.push_back(
            {"", "/design/method",
             fmt::format("\"full_factorial\" for {} factors at {} levels", players, levels.size()),
             fmt::format("so few that all combinations are at most {} trials; "
                         "plackett_burman and sobol need far fewer",
                         most_trials),
             ""});
    return problems;
}

SampledMethod sampled(const model::DesignSpec& spec, const std::vector<Factor>& factors) {
    SampledMethod method;
    method.players = players_of(spec, factors);
    if (method.players.empty()) return method;
    const auto levels = levels_of(spec);
    const std::size_t players = method.players.size();
    const std::uint64_t runs = combinations(levels.size(), players),
                        repeats = repeats_of(spec, factors);
    method.rows = runs;
    method.runs = runs * repeats;
    method.replicates = repeats;
    method.sample = [=, who = method.players](std::uint64_t) {
        const auto steps = static_cast<double>(levels.size() - 1);
        Sample sample =
            full_factorial(players, levels.size()).replicate(static_cast<Eigen::Index>(repeats), 1);
        return shared_by_members(who, sample.unaryExpr([&](double x) {
            return levels[static_cast<std::size_t>(std::lround((x + 1) / 2 * steps))];
        }));
    };
    method.part = [=](std::uint64_t run) { return run / runs; };
    method.estimate = [who = method.players](const Eigen::ArrayXXd& inputs,
                                             const Eigen::ArrayXXd& outputs, double confidence) {
        return factorial_estimates(first_members(who, inputs), outputs, true, confidence);
    };
    method.counts_for_width = [](const IndexEstimates& index) { return index.index == "effect"; };
    return method;
}

}  // namespace

extern const Method full_factorial_design;
const Method full_factorial_design{
    "full_factorial", problems_of,
    [](const model::DesignSpec& spec, const std::vector<Factor>& factors) {
        return make_sampled_design(spec, factors, sampled(spec, factors));
    },
    [](const model::DesignSpec& spec, const std::vector<Factor>& factors,
       const History&) -> std::optional<SampledPart> {
        return SampledPart{sampled(spec, factors), 0};
    }};

}  // namespace faultline::design
