#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "analysis/estimate.h"

namespace faultline::analysis {

/// Bootstrap weights (Efron 1979): resamples × rows, how often each row is drawn. One product with
/// the rows' terms resamples every output at once, all with the same rows. Throws Error(user) where
/// that matrix would not fit into memory.
Eigen::MatrixXd resampling_weights(Eigen::Index rows, std::uint64_t resamples, std::uint64_t seed);

/// Sets low and high from the resampled values (resamples × outputs): percentiles, widened so as to
/// hold the estimate. Values that are NaN (a resample in which nothing changed) are left out;
/// unbounded where fewer than half are left.
void percentiles(const Eigen::ArrayXXd& values, double confidence, Estimates& result);

}  // namespace faultline::analysis
