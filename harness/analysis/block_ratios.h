#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "analysis/sobol.h"

namespace faultline::analysis {

/// How base rows are cut up and what is read from that: the part of an estimator's options that is
/// about intervals.
struct IntervalOptions {
    Interval interval = Interval::replicates;
    std::uint64_t replicates = 8, resamples = 1000, seed = 0;
    double confidence = 0.95;
};

/// Ratios of sums over base rows with their intervals, from sums over blocks of rows. Blocks are
/// the replicates, or single rows where the rows are independent.
class BlockRatios {
  public:
    /// Throws Error(user) for options that cannot be.
    BlockRatios(Eigen::Index rows, const IntervalOptions& options);

    [[nodiscard]] Eigen::Index blocks() const { return blocks_; }
    [[nodiscard]] Eigen::Index block_of_row(Eigen::Index row) const;

    /// Columns estimate, low, high; a row for each column of `above` (blocks × ratios). `below` is
    /// what they are divided by and `kept` the base rows left, both by block. Interval: the spread
    /// of above_b − ratio · below_b (Cochran 1977, "Sampling techniques", §6.3), t with as many
    /// degrees of freedom as blocks with rows less one; with `bootstrap`, percentiles. NaN and
    /// unbounded where nothing can be said.
    [[nodiscard]] Eigen::ArrayX3d operator()(const Eigen::ArrayXXd& above,
                                             const Eigen::ArrayXd& below,
                                             const Eigen::ArrayXd& kept) const;

  private:
    IntervalOptions options_;
    Eigen::Index rows_, blocks_;
    Eigen::MatrixXd weights_;
};

}  // namespace faultline::analysis
