#pragma once

#include <Eigen/Core>

#include "analysis/radial_output.h"
#include "analysis/resampled_sums.h"
#include "analysis/sobol.h"

namespace faultline::analysis {

/// S_j and T_j of one output, a row a factor: estimate, low, high.
struct FirstAndTotal {
    Eigen::ArrayX3d first, total;
};

/// By `options.first`, which is martinez or saltelli, in two passes over the runs: one for their
/// mean and failures, one for sums of products, from which all estimates and the intervals of
/// replicates follow; a third for the delta method. `counts` is for the bootstrap, else null.
/// What may be NaN and unbounded is as in sobol.h.
FirstAndTotal first_and_total(const RadialOutput& output, const SobolOptions& options,
                              const ResampleCounts* counts);

}  // namespace faultline::analysis
