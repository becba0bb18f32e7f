#include "analysis/sobol.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/blocks.h"
#include "design/method.h"
#include "design/radial_change.h"
#include "design/sampled_rules.h"

namespace faultline::design {
namespace {

/// The interval comes from the spread of this many independent scrambles a chunk.
constexpr std::uint64_t sobol_scrambles = 8;
constexpr std::uint64_t sobol_default_rows = 256;

std::uint64_t runs_a_row(const model::DesignSpec& spec, std::size_t players) {
    return spec.second_order ? 2 * players + 2 : players + 2;
}

std::uint64_t rows_of(const model::DesignSpec& spec, std::size_t players) {
    return rows_within(spec, sobol_default_rows, runs_a_row(spec, players), sobol_scrambles);
}

std::vector<Problem> sobol_problems(const model::DesignSpec& spec,
                                    const std::vector<Factor>& factors) {
    auto problems = refuse_keys(spec, "sobol", {Key::levels, Key::replicates});
    if (spec.second_order && spec.group_by == model::every_level)
        problems.push_back({"", "/design/second_order", "true",
                            "false with \"groups\": \"every_level\": pairs of a node and of what "
                            "is in it say nothing",
                            ""});
    refuse_sizes(
        spec, runs_a_row(spec, players_of(spec, factors).size() + unions_of(spec, factors).size()),
        sobol_default_rows, sobol_scrambles, problems);
    return problems;
}

/// A radial sample of k players with, in each row, one more run for each union after those of the
/// players: A with the columns of all its members from B. A and B of a row are its first and last.
Sample with_unions(const Sample& sample, std::size_t players,
                   const std::vector<std::vector<Eigen::Index>>& unions) {
    const auto step = static_cast<Eigen::Index>(players + 2),
               more = static_cast<Eigen::Index>(unions.size());
    const Eigen::Index rows = sample.rows() / step;
    Sample wider(rows * (step + more), sample.cols());
    for (Eigen::Index row = 0; row < rows; ++row) {
        const Eigen::Index from = row * step, to = row * (step + more);
        wider.middleRows(to, step - 1) = sample.middleRows(from, step - 1);
        for (Eigen::Index u = 0; u < more; ++u) {
            auto run = wider.row(to + step - 1 + u);
            run = sample.row(from);
            for (const Eigen::Index column : unions[static_cast<std::size_t>(u)])
                run(column) = sample(from + step - 1, column);
        }
        wider.row(to + step + more - 1) = sample.row(from + step - 1);
    }
    return wider;
}

/// The columns of each union's members, every player having one.
std::vector<std::vector<Eigen::Index>> columns_of_unions(const SampledMethod& method) {
    std::vector<std::vector<Eigen::Index>> all;
    for (const auto& one : method.unions) {
        auto& columns = all.emplace_back();
        for (std::size_t p = 0; p < method.players.size(); ++p)
            if (std::find(one.members.begin(), one.members.end(),
                          method.players[p].members.front()) != one.members.end())
                columns.push_back(static_cast<Eigen::Index>(p));
    }
    return all;
}

/// A player whose move never changed an output has no share of its variance at all, where the
/// estimator of S1, a correlation, would still scatter about 0.
void settle_inert(const analysis::Estimates& total, analysis::Estimates& index) {
    const auto inert = (total.estimate == 0 && total.high == 0).eval();
    index.estimate = inert.select(0, index.estimate);
    index.low = inert.select(0, index.low);
    index.high = inert.select(0, index.high);
}

/// Takes the mean of each part off its runs. A and B of a row are run under the same draws, so what
/// the draws do to an output is common to them, and would count as a share of every factor's in a
/// correlation of the two. What is shared out is then the variance with the draws held, averaged
/// over draws.
Eigen::ArrayXXd without_draws(const Eigen::ArrayXXd& outputs, std::uint64_t step,
                              std::uint64_t parts) {
    Eigen::ArrayXXd centred = outputs;
    const auto rows = static_cast<std::uint64_t>(outputs.rows()) / step;
    const auto runs_of = [&](std::uint64_t row) {
        return std::array{static_cast<Eigen::Index>(row * step),
                          static_cast<Eigen::Index>((row + 1) * step - 1)};
    };
    for (Eigen::Index output = 0; output < outputs.cols(); ++output) {
        std::vector<double> sum(parts, 0), count(parts, 0);
        for (std::uint64_t row = 0; row < rows; ++row)
            for (const Eigen::Index run : runs_of(row)) {
                const double value = outputs(run, output);
                if (!std::isfinite(value)) continue;
                sum[block_of(row, rows, parts)] += value;
                ++count[block_of(row, rows, parts)];
            }
        for (Eigen::Index run = 0; run < outputs.rows(); ++run) {
            const auto part = block_of(static_cast<std::uint64_t>(run) / step, rows, parts);
            if (count[part] > 0) centred(run, output) -= sum[part] / count[part];
        }
    }
    return centred;
}

std::vector<IndexEstimates> sobol_estimates(const Eigen::ArrayXXd& outputs, std::size_t players,
                                            bool second_order, bool draws,
                                            std::uint64_t rows_a_chunk, double confidence) {
    const std::uint64_t step = second_order ? 2 * players + 2 : players + 2;
    const auto chunks = static_cast<std::uint64_t>(outputs.rows()) / (step * rows_a_chunk);
    analysis::SobolOptions options;
    options.second_order = second_order;
    options.replicates = chunks * sobol_scrambles;
    options.confidence = confidence;
    auto found = analysis::sobol_indices(
        draws ? without_draws(outputs, step, options.replicates) : outputs, players, options);
    std::vector<IndexEstimates> all;
    std::size_t pair = 0;
    for (std::size_t j = 0; j < players; ++j) {
        settle_inert(found.total[j], found.first[j]);
        all.push_back({"S1", j, {}, found.first[j], "share of variance"});
        all.push_back({"ST", j, {}, found.total[j], "share of variance"});
        all.push_back({"change",
                       j,
                       {},
                       radial_change(outputs, step, j, options.replicates, confidence),
                       "metric"});
    }
    for (std::size_t j = 0; j < players && second_order; ++j)
        for (std::size_t l = j + 1; l < players; ++l) {
            auto& second = found.second[pair++];
            settle_inert(found.total[j], second);
            settle_inert(found.total[l], second);
            all.push_back({"S2", j, l, second, "share of variance"});
        }
    return all;
}

SampledMethod sobol_sampled(const model::DesignSpec& spec, const std::vector<Factor>& factors) {
    SampledMethod method;
    method.players = players_of(spec, factors);
    method.unions = unions_of(spec, factors);
    // Moved as one like any other: to the estimators they are players.
    const std::size_t players = method.players.size() + method.unions.size();
    const std::uint64_t rows = rows_of(spec, players), step = runs_a_row(spec, players);
    const bool second_order = spec.second_order;
    bool draws = false;
    for (const std::size_t factor : columns_of(method.players))
        draws = draws || factors[factor].draws;
    method.rows = rows;
    method.runs = rows * step;
    method.replicates = sobol_scrambles;
    const std::size_t columns = columns_of(method.players).size();
    const Groups groups = groups_of(method.players);
    method.sample = [=, own = method.players.size(), unions = columns_of_unions(method),
                     seed = spec.seed.value_or(0)](std::uint64_t chunk) {
        auto sample = radial_sample(columns, rows, seed_of_chunk(seed, chunk),
                                    {second_order, sobol_scrambles, groups});
        return unions.empty() ? sample : with_unions(sample, own, unions);
    };
    method.part = [=](std::uint64_t run) { return block_of(run / step, rows, sobol_scrambles); };
    method.estimate = [=](const Eigen::ArrayXXd&, const Eigen::ArrayXXd& outputs,
                          double confidence) {
        return sobol_estimates(outputs, players, second_order, draws, rows, confidence);
    };
    method.counts_for_width = [](const IndexEstimates& index) {
        return index.index == "S1" || index.index == "ST";
    };
    return method;
}

}  // namespace

extern const Method sobol;
const Method sobol = wholly_sampled<sobol_sampled>("sobol", sobol_problems);

}  // namespace faultline::design
