#pragma once

#include <Eigen/Core>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/estimate.h"
#include "design/players.h"
#include "design/samplers.h"

namespace faultline::design {

/// One index of one player, an entry an output; `with` is the other of a pair.
struct IndexEstimates {
    std::string index;  ///< "S1", "ST", "S2", "mu_star", …, and "change" (see below)
    std::size_t player = 0;
    std::optional<std::size_t> with;
    analysis::Estimates estimates;
    std::string unit;  ///< "share of variance", "metric"
    /// Means that were compared across trials under other draws; not by changing one factor alone.
    bool across_draws = false;
};

/// How a method that varies every factor in every trial lays its trials out, and how they are read
/// back. Trials come in chunks of the same number of runs, each a sample of its own; a method that
/// never looks at results has one.
struct SampledMethod {
    std::vector<Player> players;
    /// Sets of the players that are moved as one besides: their indices come after the players', as
    /// if numbered on.
    std::vector<Player> unions;
    std::uint64_t rows = 0;        ///< base rows, trajectories or permutations of a chunk
    std::uint64_t runs = 0;        ///< trials of a chunk
    std::uint64_t replicates = 1;  ///< independent parts of a chunk, each with streams of its own
    /// runs × columns of a chunk (see columns_of()), in [0, 1].
    std::function<Sample(std::uint64_t chunk)> sample;
    /// The part of a chunk that a run belongs to; < replicates.
    std::function<std::uint64_t(std::uint64_t run)> part;
    /// Indices from whole chunks: inputs runs × columns, outputs runs × outputs (NaN: no value).
    /// Beside the method's own there is for every player "change": the mean absolute change of the
    /// output when this player alone moves, which is what damage is made of.
    std::function<std::vector<IndexEstimates>(const Eigen::ArrayXXd& inputs,
                                              const Eigen::ArrayXXd& outputs, double confidence)>
        estimate;
    /// Nothing draws and the severities are no sample of others: running it again would give the
    /// same numbers.
    bool exact = false;
    /// Whether an index counts for `stop.width`.
    std::function<bool(const IndexEstimates&)> counts_for_width;
};

/// The confidence to use at the interval that is looked at after `chunks` chunks: with `stop` set,
/// looks come after 1, 2, 4, … chunks, and intervals hold at all looks together.
double confidence_after(const model::DesignSpec& spec, std::uint64_t chunks);
/// How often the results have been looked at by then.
std::uint64_t looks_after(std::uint64_t chunks);
/// The widest interval that counts for stopping, NaN when there is none.
double widest(const SampledMethod& method, const std::vector<IndexEstimates>& indices);

/// The design that draws a method's chunks: one, or with `stop` as many as it takes within the
/// budget.
std::unique_ptr<Design> make_sampled_design(const model::DesignSpec& spec,
                                            const std::vector<Factor>& factors,
                                            SampledMethod method);

/// The trials of a run that vary everything at once, and how to read them back.
struct SampledPart {
    SampledMethod method;
    std::uint64_t first = 0;  ///< number of its first trial; those before it are one at a time
};

/// Nullopt for a method, or a history, without such trials. The spec must be one that make_design()
/// accepts.
std::optional<SampledPart> sampled_part(const model::DesignSpec& spec,
                                        const std::vector<Factor>& factors, const History& history);

}  // namespace faultline::design
