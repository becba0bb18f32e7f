#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "analysis/estimate.h"
#include "core/groups.h"

namespace faultline::analysis {

struct MorrisOptions {
    std::uint64_t resamples = 1000;
    std::uint64_t seed = 0;
    double confidence = 0.95;
    Groups groups = {};  ///< factors that move together; empty: each by itself
};

/// One entry a factor, in each an entry an output; `count` is the elementary effects behind it.
struct MorrisIndices {
    std::vector<Estimates> mu, mu_star, sigma;
    Eigen::Index trajectories = 0;
};

/// Elementary effects Δy/Δx, their mean μ and standard deviation σ (Morris 1991, "Factorial
/// sampling plans for preliminary computational experiments") and the mean of their absolute values
/// μ* (Campolongo, Cariboni & Saltelli 2007, "An effective screening design").
///
/// `inputs` is runs × factors, `outputs` runs × outputs; every factors + 1 runs are a trajectory
/// (each run differs from the one before in one factor) or a radial block (each differs from the
/// first in one), in either case all factors once. Effects are per unit of `inputs`: scale them to
/// [0, 1] first for effects over a factor's range, as SALib reports them.
///
/// With groups an entry is a group's. One of several factors has μ* alone (Campolongo et al. 2007,
/// §2.2), per unit of the mean distance that its factors move: they have no common direction, so
/// that μ and σ are NaN and unbounded.
///
/// Intervals: trajectories are drawn again with replacement, whole, for all factors and outputs at
/// once. The resampled standard deviation, times sqrt(r / (r − 1)) for the bias it has at few
/// trajectories r, is reached t(r − 1) times to either side: percentiles of so few are too narrow.
/// For σ that is done on its logarithm, so that it stays positive.
///
/// An effect with a run that has no finite output is left out, factor by factor: the indices are
/// then conditional on survival, and `count` < `trajectories`. No effect: NaN; one: unbounded, and
/// σ NaN. Throws Error(user) naming the run that breaks the design.
MorrisIndices morris_indices(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                             const Eigen::Ref<const Eigen::ArrayXXd>& outputs,
                             const MorrisOptions& options);

}  // namespace faultline::analysis
