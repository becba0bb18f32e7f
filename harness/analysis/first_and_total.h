#pragma once

#include <Eigen/Core>

#include <optional>

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

/// The same for the defaults, martinez and the intervals of replicates, where every run has a value
/// and values are of an ordinary size and spread: in one pass, in which every number is read once.
/// Nothing elsewhere. `on_all_cores`: large outputs are shared out among them, block by block,
/// which changes no bit.
std::optional<FirstAndTotal> first_and_total_in_one_pass(
    const Eigen::Ref<const Eigen::ArrayXd>& outputs, Eigen::Index factors,
    const SobolOptions& options, bool on_all_cores);

}  // namespace faultline::analysis
