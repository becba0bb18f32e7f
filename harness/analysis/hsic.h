#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "analysis/estimate.h"

namespace faultline::analysis {

struct HsicOptions {
    std::uint64_t permutations = 999;
    std::uint64_t seed = 0;
    double confidence = 0.95;  ///< of the p-value's interval
};

/// One entry a factor, in each an entry an output.
struct Hsic {
    /// HSIC(x, y) / sqrt(HSIC(x, x) · HSIC(y, y)), in [0, 1] (Da Veiga 2015, "Global sensitivity
    /// analysis with dependence measures"). No interval: low and high are infinite. It is never
    /// quite 0 in a finite sample; what says whether there is anything is the p-value.
    std::vector<Estimates> r2;
    /// Share of the permuted samples that are as dependent as the sample, itself included (Phipson
    /// & Smyth 2010), with the interval that its being a share of so many has (Clopper & Pearson).
    std::vector<Estimates> p_value;
};

/// Hilbert–Schmidt independence criterion (Gretton, Bousquet, Smola & Schölkopf 2005; as a test
/// Gretton et al. 2007): any dependence of the output on the factor alone shows, also one that
/// leaves its mean where it was and so has S1 = 0. `inputs` is runs × factors, `outputs` runs ×
/// outputs, of independent draws, inputs not necessarily independent of each other.
///
/// HSIC = tr(K H L H) / n², H = I − 11ᵀ/n (the V-statistic); K and L are Gaussian kernels
/// exp(−(u − v)² / 2s²) with s the standard deviation of the factor and of the output. They are
/// taken apart by pivoted incomplete Cholesky (Bach & Jordan 2002) until what is left of the trace
/// is below 1e-13 of it, so that memory is runs × rank, which is a few dozen, and not runs².
///
/// A run without a finite output is left out, output by output: conditional on survival, `count` <
/// runs. A factor that never changes, or fewer than 4 runs: NaN and unbounded. An output that never
/// changes: 0, with p-value 1. Throws Error(user) for inputs that are not finite.
Hsic hsic_indices(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                  const Eigen::Ref<const Eigen::ArrayXXd>& outputs, const HsicOptions& options);

}  // namespace faultline::analysis
