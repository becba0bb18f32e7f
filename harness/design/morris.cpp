#include "analysis/morris.h"

#include "analysis/elementary_effects.h"
#include "design/method.h"
#include "design/radial_change.h"
#include "design/sampled_rules.h"

namespace faultline::design {
namespace {

constexpr std::uint64_t default_trajectories = 16;
constexpr std::uint64_t grid = 4;
constexpr double on = 0.5;

std::vector<Problem> morris_problems(const model::DesignSpec& spec,
                                     const std::vector<Factor>& factors) {
    auto problems = refuse_keys(spec, "morris", {Key::levels, Key::second_order, Key::replicates});
    refuse_sizes(spec, players_of(spec, factors).size() + 1, default_trajectories, 1, problems);
    return problems;
}

/// A fault that is on or off moves by a whole step, however far its number moved on the grid.
void settle_binary(const std::vector<Player>& players, Sample& sample) {
    for (std::size_t p = 0; p < players.size(); ++p) {
        if (!players[p].binary) continue;
        const auto column = static_cast<Eigen::Index>(p);
        sample.col(column) = (sample.col(column) >= on).cast<double>();
    }
}

std::vector<IndexEstimates> morris_estimates(const Eigen::ArrayXXd& inputs,
                                             const Eigen::ArrayXXd& outputs, double confidence) {
    analysis::MorrisOptions options;
    options.confidence = confidence;
    auto found = analysis::morris_indices(inputs, outputs, options);
    const auto steps = analysis::elementary_effects(inputs, outputs);
    std::vector<IndexEstimates> all;
    for (std::size_t j = 0; j < found.mu.size(); ++j) {
        all.push_back({"mu", j, {}, found.mu[j], "metric"});
        all.push_back({"mu_star", j, {}, found.mu_star[j], "metric"});
        all.push_back({"sigma", j, {}, found.sigma[j], "metric"});
        all.push_back({"change",
                       j,
                       {},
                       mean_by_blocks(steps[j].abs(), static_cast<std::uint64_t>(steps[j].rows()),
                                      confidence),
                       "metric"});
    }
    return all;
}

SampledMethod morris_sampled(const model::DesignSpec& spec, const std::vector<Factor>& factors) {
    SampledMethod method;
    method.players = players_of(spec, factors);
    const std::size_t players = method.players.size();
    const std::uint64_t rows = rows_within(spec, default_trajectories, players + 1, 1);
    method.rows = rows;
    method.runs = rows * (players + 1);
    // Each trajectory is a draw of its own, faults' streams included; within it they are common.
    method.replicates = rows;
    method.sample = [=, who = method.players, seed = spec.seed.value_or(0)](std::uint64_t chunk) {
        Sample sample = morris_trajectories(players, rows, seed_of_chunk(seed, chunk), grid, true);
        settle_binary(who, sample);
        return shared_by_members(who, sample);
    };
    method.part = [=](std::uint64_t run) { return run / (players + 1); };
    method.estimate = [who = method.players](const Eigen::ArrayXXd& inputs,
                                             const Eigen::ArrayXXd& outputs, double confidence) {
        return morris_estimates(first_members(who, inputs), outputs, confidence);
    };
    method.counts_for_width = [](const IndexEstimates& index) { return index.index == "mu_star"; };
    return method;
}

}  // namespace

extern const Method morris;
const Method morris = wholly_sampled<morris_sampled>("morris", morris_problems);

}  // namespace faultline::design
