#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "analysis/estimate.h"

namespace faultline::analysis {

struct RankOptions {
    std::uint64_t seed = 0;  ///< of the blocks, and of the order among equal values of a factor
    double confidence = 0.95;
};

/// First-order Sobol' indices from runs already made, of any independent draws (Gamboa, Gremaud,
/// Klein & Lagnoux 2022, "Global sensitivity analysis: a novel generation of mighty estimators
/// based on rank statistics"; the idea is Chatterjee's, 2021): Σ y_i · y_next(i) / Σ y_i², y
/// centred, where next(i) is the run with the next larger value of the factor, and the first after
/// the last. Equal values are put in random order. `inputs` is runs × factors, `outputs` runs ×
/// outputs; one entry a factor, in each an entry an output.
///
/// Interval: the runs are cut at random into up to 20 blocks of at least 40; the indices of the
/// blocks are independent, and their spread divided by the root of their number is that of the
/// whole (Politis & Romano 1994 with blocks that do not overlap), averaged over several cuts; t.
/// Drawing runs with replacement would not do: a run that is its own neighbour looks like perfect
/// dependence (Lin & Han 2024, "On the failure of the bootstrap for Chatterjee's rank
/// correlation"). Quasi-random runs are more even than independent ones: their intervals are too
/// wide.
///
/// A run without a finite output is left out, output by output: conditional on survival, `count` <
/// runs. A factor that never changes: NaN and unbounded; an output that never changes: 0. Fewer
/// than 80 runs: unbounded. Throws Error(user) for inputs that are not finite.
std::vector<Estimates> rank_sobol_indices(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                                          const Eigen::Ref<const Eigen::ArrayXXd>& outputs,
                                          const RankOptions& options);

}  // namespace faultline::analysis
