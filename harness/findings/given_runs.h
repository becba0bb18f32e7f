#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "journal/records.h"

namespace faultline::findings {

/// Runs of a journal whose severities were sampled, for methods that need no design of their own:
/// one run a row, as if a person had drawn inputs and noted outputs.
struct GivenRuns {
    std::vector<std::string> factors, outputs;  ///< ids of perturbations; names of series
    Eigen::ArrayXXd inputs, values;             ///< NaN: the run gave no value
    /// Drawn at random over the whole of [0, 1], not set to a few levels.
    bool random = true;
};

/// Of `sobol` and of the last part of `auto` the first and the last run of each base row, of
/// `shapley` those of each walk: they are independent of each other, where the runs between them
/// repeat most of their severities. Of `plackett_burman` and `full_factorial` every run. Where
/// something draws, the mean of the runs under one stream is taken off their outputs, as `sobol`
/// does itself: what is left is what the severities do with the draws held.
///
/// Throws Error(user) for a run of another method, saying which ones serve.
GivenRuns given_runs(const journal::Journal& journal);

}  // namespace faultline::findings
