#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "analysis/estimate.h"

namespace faultline::design {

/// The mean of |y(AB_j) − y(A)| over the base rows of a radial design: how far the output moves on
/// average when player j alone is drawn anew. Interval: t over the means of `replicates` blocks of
/// consecutive rows (core/blocks.h), as for the indices. Rows in which either run has no value are
/// left out.
analysis::Estimates radial_change(const Eigen::ArrayXXd& outputs, std::uint64_t step,
                                  std::size_t player, std::uint64_t replicates, double confidence);

/// The same from any matrix of absolute changes, one row a pair of runs: the mean, with its
/// interval from the means of blocks of rows.
analysis::Estimates mean_by_blocks(const Eigen::ArrayXXd& changes, std::uint64_t blocks,
                                   double confidence);

}  // namespace faultline::design
