#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "analysis/estimate.h"
#include "analysis/sobol.h"
#include "core/groups.h"

namespace faultline::analysis {

struct ShapleyOptions {
    Groups groups = {};  ///< the players; empty: every factor is one
    Interval interval = Interval::replicates;
    std::uint64_t replicates = 8;
    std::uint64_t resamples = 1000;
    std::uint64_t seed = 0;  ///< of the bootstrap
    double confidence = 0.95;
};

/// One entry a player, in each an entry an output; `count` is the walks behind it.
struct ShapleyEffects {
    std::vector<Estimates> effects;
    Eigen::Index walks = 0;  ///< with those left out
};

/// Shapley effects (Owen 2014, "Sobol' indices and Shapley value"; Song, Nelson & Staum 2016) of
/// independent factors: each player's share of the output's variance, its interactions divided
/// evenly among those that take part. They lie between first and total order and add up to 1.
///
/// `inputs` (runs × factors) and `outputs` (runs × outputs) are walks z_0 … z_p of p players: of
/// design/samplers.h, shapley_sample(). Who moves at which step is read from the inputs. Estimator:
/// Goda (2021), equation (7), the mean over walks of (y(z_0) − (y(z_i−1) + y(z_i)) / 2) ·
/// (y(z_i−1) − y(z_i)) for the player who moves at step i. Variance: half the mean of
/// (y(z_0) − y(z_p))², which is what the terms of a walk add up to; so the estimates add up to 1
/// too, exactly, and have less spread than with the pooled variance.
///
/// Intervals as in sobol.h, walks being the rows: their spread by block. A walk of which any run
/// has no finite output is left out as a whole, output by output: conditional on survival, `count`
/// < `walks`. An output that never changes: 0. Fewer than two walks left, or y(z_0) = y(z_p) in all
/// of them: NaN, unbounded. Intervals are not clipped.
///
/// Throws Error(user) naming the run that belongs to no walk, and for options that cannot be.
ShapleyEffects shapley_effects(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                               const Eigen::Ref<const Eigen::ArrayXXd>& outputs,
                               const ShapleyOptions& options);

}  // namespace faultline::analysis
