#pragma once

#include <Eigen/Core>
#include <cstdint>

namespace faultline::analysis {

/// Estimates with intervals, one entry an output. `low <= estimate <= high`; NaN where nothing
/// could be said (no observation), and low = -inf, high = +inf where a point estimate has no
/// interval.
struct Estimates {
    Eigen::ArrayXd estimate, low, high;
    Eigen::ArrayXi count;  ///< observations behind each
};

/// Mean of each column of `observations` (replicates × outputs) with a Student t interval at
/// `confidence`. NaN entries are missing and left out, column by column; one observation gives an
/// unbounded interval, and `deterministic` columns low = high = estimate.
///
/// An infinite observation is a proof, not a sample: whatever else is drawn, the mean is infinite,
/// so low = estimate = high = that infinity. Both infinities in one column leave no mean: NaN,
/// unbounded. Finite numbers whose sums overflow are unbounded likewise. Vectorised over all
/// outputs. (Student 1908.) Throws Error(user) unless 0 < confidence < 1.
Estimates mean_with_t_interval(const Eigen::Ref<const Eigen::ArrayXXd>& observations,
                               double confidence, bool deterministic);

/// The effect of one factor: differences of each replicate from the baseline.
/// `outputs` is replicates × outputs, `baseline` one number an output. NaN: no value (a crashed
/// trial, a segment that vanished): left out, so the estimate is conditional on survival. An output
/// equal to its baseline has effect 0, also where both are infinite.
Estimates one_at_a_time_effect(const Eigen::Ref<const Eigen::ArrayXXd>& outputs,
                               const Eigen::Ref<const Eigen::ArrayXd>& baseline, double confidence,
                               bool deterministic);

/// Damage: |change| / tolerance, a replicate at a time, then the mean with its interval clipped at
/// 0. A tolerance of 0 gives 0 for no change and +inf for any; an infinite change is +inf whatever
/// the tolerance. One infinite replicate makes low = estimate = high = +inf, as above. A tolerance
/// of NaN is not known: no estimate. Throws Error(user) for a negative one.
Estimates damage(const Eigen::Ref<const Eigen::ArrayXXd>& outputs,
                 const Eigen::Ref<const Eigen::ArrayXd>& baseline,
                 const Eigen::Ref<const Eigen::ArrayXd>& tolerance, double confidence,
                 bool deterministic);

struct Rate {
    double estimate = 0, low = 0, high = 1;
};

/// A share of trials with its exact interval (Clopper & Pearson 1934). trials = 0 gives 0 in [0,
/// 1].
Rate clopper_pearson(std::int64_t hits, std::int64_t trials, double confidence);
/// The same where observations are shares from 0 to 1 and `hits` is their sum: the beta quantiles
/// at fractional counts. A mean of shares varies no more than one of noughts and ones with the same
/// mean, so the interval covers as well. all = 0 gives 0 in [0, 1].
Rate clopper_pearson_of_shares(double hits, double all, double confidence);

}  // namespace faultline::analysis
