#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "analysis/estimate.h"

namespace faultline::analysis {

/// Estimators of the first-order index S_j. m is the mean of all outputs, V the pooled variance of
/// A and B; corr and every sum run over base rows.
enum class FirstOrder {
    /// corr(B, AB_j): Martinez 2011; Baudin et al. 2016, "Numerical stability of Sobol' indices
    /// estimation formula". Not moved by a constant added to the output.
    martinez,
    /// mean((B − m)(AB_j − A)) / V: Saltelli et al. 2010, table 2 (b), centred.
    saltelli,
    /// 2 Σ(B − BA_j)(AB_j − A) / Σ((A − B)² + (AB_j − BA_j)²): Azzini, Mara & Rosati 2021,
    /// "Comparison of two sets of Monte Carlo estimators of Sobol' indices". Needs BA_j.
    azzini
};

/// How an interval is found.
enum class Interval {
    /// From `replicates` consecutive blocks of base rows (core/blocks.h), of which each is an
    /// independent scramble: the blocks' sums of the index's influence values, t with as many
    /// degrees of freedom as blocks less one. Right for i.i.d. rows too, a little wider than need
    /// be; for one scrambled sequence cut into blocks too wide, never too narrow.
    replicates,
    /// The delta method, every base row a block: for i.i.d. rows only.
    delta,
    /// Percentiles over `resamples` of base rows with replacement: for i.i.d. rows only. (Over a
    /// scrambled sequence it covers 100 % with intervals several times too wide.)
    bootstrap
};

struct SobolOptions {
    bool second_order = false;
    FirstOrder first = FirstOrder::martinez;
    Interval interval = Interval::replicates;
    std::uint64_t replicates = 8;
    std::uint64_t resamples = 1000;
    std::uint64_t seed = 0;  ///< of the bootstrap
    double confidence = 0.95;
};

/// One factor's or one pair's estimates, an entry an output. `count` is the base rows behind it.
struct SobolIndices {
    std::vector<Estimates> first;   ///< S_j, by factor
    std::vector<Estimates> total;   ///< T_j, by factor
    std::vector<Estimates> second;  ///< S_jl for j < l: (0,1), (0,2), …, (1,2), …
    Eigen::Index rows = 0;          ///< base rows, with those left out
};

/// Sobol' indices from the outputs of a radial design (runs × outputs, in the order of
/// design/samplers.h, which is SALib's) for `factors` factors. All outputs in one pass.
///
/// T_j = mean((A − AB_j)²) / 2V: Jansen 1999; Saltelli et al. 2010, table 2 (f).
/// S_jl: with `saltelli`, mean(BA_j · AB_l − A · B) / V − S_j − S_l on centred outputs (Saltelli
/// 2002; what SALib computes); with the others the mean of corr(BA_j, AB_l) and corr(BA_l, AB_j)
/// instead of the first term. Intervals: influence values as in van der Vaart 1998, §20, by block.
///
/// A base row of which any run has no finite output is left out as a whole, output by output:
/// single runs deleted would break the pairing. The result is then conditional on survival, and
/// `count` < `rows` says so. An output that never changes has all indices 0, exactly. Where fewer
/// than two base rows are left, or a correlation has a side that never changes, the estimate is NaN
/// and unbounded; so is the interval where fewer than two blocks are. Intervals are not clipped to
/// [0, 1]: an estimate below 0 says that the index is small against its error.
///
/// Throws Error(user) when the rows are no whole number of base rows, and for options that cannot
/// be.
SobolIndices sobol_indices(const Eigen::Ref<const Eigen::ArrayXXd>& outputs, std::uint64_t factors,
                           const SobolOptions& options);

}  // namespace faultline::analysis
