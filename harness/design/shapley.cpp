#include "analysis/shapley.h"

#include "core/blocks.h"
#include "design/method.h"
#include "design/radial_change.h"
#include "design/sampled_rules.h"

namespace faultline::design {
namespace {

/// The interval comes from the spread of this many independent scrambles a chunk.
constexpr std::uint64_t shapley_scrambles = 8;
constexpr std::uint64_t shapley_default_rows = 256;

std::vector<Problem> shapley_problems(const model::DesignSpec& spec,
                                      const std::vector<Factor>& factors) {
    auto problems = refuse_keys(spec, "shapley", {Key::levels, Key::second_order, Key::replicates});
    refuse_sizes(spec, players_of(spec, factors).size() + 1, shapley_default_rows,
                 shapley_scrambles, problems);
    return problems;
}

/// By player: |y after its move − y before it|, walks × outputs.
std::vector<Eigen::ArrayXXd> moves_of(const Eigen::ArrayXXd& inputs, const Eigen::ArrayXXd& outputs,
                                      const Groups& groups, std::size_t players) {
    const auto count = static_cast<Eigen::Index>(players);
    const Eigen::Index walks = inputs.rows() / (count + 1);
    std::vector<Eigen::ArrayXXd> moves(players, Eigen::ArrayXXd(walks, outputs.cols()));
    for (Eigen::Index walk = 0; walk < walks; ++walk)
        for (Eigen::Index step = 1; step <= count; ++step) {
            const Eigen::Index run = walk * (count + 1) + step;
            for (Eigen::Index column = 0; column < inputs.cols(); ++column) {
                if (inputs(run, column) == inputs(run - 1, column)) continue;
                const auto at = static_cast<std::size_t>(column);
                moves[groups.empty() ? at : groups[at]].row(walk) =
                    (outputs.row(run) - outputs.row(run - 1)).abs();
            }
        }
    return moves;
}

std::vector<IndexEstimates> shapley_estimates(const Eigen::ArrayXXd& inputs,
                                              const Eigen::ArrayXXd& outputs, const Groups& groups,
                                              std::size_t players, std::uint64_t rows_a_chunk,
                                              double confidence) {
    const auto walks = static_cast<std::uint64_t>(inputs.rows()) / (players + 1);
    analysis::ShapleyOptions options;
    options.replicates = walks / rows_a_chunk * shapley_scrambles;
    options.confidence = confidence;
    options.groups = groups;
    auto found = analysis::shapley_effects(inputs, outputs, options);
    const auto moves = moves_of(inputs, outputs, groups, players);
    std::vector<IndexEstimates> all;
    for (std::size_t j = 0; j < found.effects.size(); ++j) {
        all.push_back({"shapley", j, {}, found.effects[j], "share of variance"});
        all.push_back(
            {"change", j, {}, mean_by_blocks(moves[j], options.replicates, confidence), "metric"});
    }
    return all;
}

SampledMethod shapley_sampled(const model::DesignSpec& spec, const std::vector<Factor>& factors) {
    SampledMethod method;
    method.players = players_of(spec, factors);
    const std::size_t players = method.players.size();
    const std::uint64_t rows =
        rows_within(spec, shapley_default_rows, players + 1, shapley_scrambles);
    method.rows = rows;
    method.runs = rows * (players + 1);
    method.replicates = shapley_scrambles;
    const std::size_t columns = columns_of(method.players).size();
    const Groups groups = groups_of(method.players);
    method.sample = [=, seed = spec.seed.value_or(0)](std::uint64_t chunk) {
        ShapleyOptions options;
        options.replicates = shapley_scrambles;
        options.groups = groups;
        return shapley_sample(columns, rows, seed_of_chunk(seed, chunk), options);
    };
    method.part = [=](std::uint64_t run) {
        return block_of(run / (players + 1), rows, shapley_scrambles);
    };
    method.estimate = [=](const Eigen::ArrayXXd& inputs, const Eigen::ArrayXXd& outputs,
                          double confidence) {
        return shapley_estimates(inputs, outputs, groups, players, rows, confidence);
    };
    method.counts_for_width = [](const IndexEstimates& index) { return index.index == "shapley"; };
    return method;
}

}  // namespace

extern const Method shapley;
const Method shapley = wholly_sampled<shapley_sampled>("shapley", shapley_problems);

}  // namespace faultline::design
