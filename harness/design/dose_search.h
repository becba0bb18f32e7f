#pragma once

#include <vector>

#include "design/design.h"

namespace faultline::design {

/// Finds, for each of some factors, the smallest severity at which a trial of it alone leaves a
/// tolerance and the smallest at which a check fires, by bisection on doses that are nested: under
/// one stream a larger dose hits what a smaller one did, and more. All replicates are run at every
/// dose, so that each dose is a point of a curve as well. What happened to a replicate at some dose
/// counts as having happened to it at all larger ones: a metric need not be monotone, and it is the
/// first time that is looked for.
///
/// Bisected are the doses at which half of the replicates have been harmed, or have been noticed,
/// and, with `bounds`, those of the order statistics that bound it (analysis::median_ranks). A
/// bracket [low, high] is narrow enough when high ≤ (1 + precision)·low, or when high ≤ least_dose.
class DoseSearch {
  public:
    struct Options {
        std::vector<double> coarse;  ///< severities tried before any bisection, ascending
        std::uint64_t replicates = 8;
        double confidence = 0.95;
        double precision = 0.05;
        bool bounds = true;
        /// Look for the first check only where there is harm at the largest dose.
        bool only_where_harmful = false;
        std::uint64_t most_trials = 10'000'000;
        std::uint64_t first_block = 0;  ///< blocks are numbered from here at the least
    };
    static constexpr double least_dose = 0.001;

    /// `which`: positions in `factors`. Those that are binary are tried at 1 alone.
    DoseSearch(std::vector<Factor> factors, std::vector<std::size_t> which, Options options);

    /// The next block, given the first `known` trials of the history, whatever design they are of;
    /// empty when done. Trials are numbered on from `known`. A block that `most_trials` (over
    /// `known` and all that this search asks for) does not reach for is left out.
    [[nodiscard]] std::vector<Trial> next(const History& history, std::size_t known) const;
    /// The most trials that it may come to.
    [[nodiscard]] std::uint64_t most() const;
    /// Trials before any bisection.
    [[nodiscard]] std::uint64_t first() const;

  private:
    [[nodiscard]] std::uint64_t replicates_of(const Factor& factor) const;
    [[nodiscard]] std::vector<double> doses_of(const Factor& factor, const History& history,
                                               std::size_t known) const;

    std::vector<Factor> factors_;
    std::vector<std::size_t> which_;
    Options options_;
};

}  // namespace faultline::design
