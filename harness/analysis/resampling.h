#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "analysis/estimate.h"

namespace faultline::analysis {

/// How often each row is drawn in each resample, with replacement (Efron 1979). A resample depends
/// on the seed and its own number alone. Throws Error(user) where they would not fit into memory.
class ResampleCounts {
  public:
    ResampleCounts(std::size_t rows, std::uint64_t resamples, std::uint64_t seed);

    [[nodiscard]] std::size_t rows() const { return rows_; }
    [[nodiscard]] std::size_t resamples() const { return resamples_; }
    [[nodiscard]] std::uint16_t operator()(std::size_t resample, std::size_t row) const {
        return counts_[resample * rows_ + row];
    }

  private:
    std::size_t rows_, resamples_;
    std::vector<std::uint16_t> counts_;
};

/// The same counts as a matrix, resamples × rows: one product with the rows' terms resamples every
/// output at once, all with the same rows.
Eigen::MatrixXd resampling_weights(Eigen::Index rows, std::uint64_t resamples, std::uint64_t seed);

/// Sets low and high from the resampled values (resamples × outputs): percentiles, widened so as to
/// hold the estimate. Values that are NaN (a resample in which nothing changed) are left out;
/// unbounded where fewer than half are left.
void percentiles(const Eigen::ArrayXXd& values, double confidence, Estimates& result);

}  // namespace faultline::analysis
