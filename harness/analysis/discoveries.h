#pragma once

#include <Eigen/Core>

#include "analysis/estimate.h"

namespace faultline::analysis {

/// What is known of how the tests hang together.
enum class Dependence {
    /// Independent, or depending positively on each other (Benjamini & Yekutieli 2001, theorem
    /// 1.2), as tests against one baseline do: Benjamini & Hochberg 1995.
    positive,
    /// Anything: Benjamini & Yekutieli 2001, theorem 1.3. Costs a factor of ln(tests).
    arbitrary
};

/// Which of many tests found something.
struct Discoveries {
    Eigen::Array<bool, Eigen::Dynamic, 1> found;
    /// The lowest rate at which each would be found: found = adjusted <= rate. NaN: not tested.
    Eigen::ArrayXd adjusted;
    Eigen::Index tested = 0;
};

/// Of those found, on average a share of at most `rate` are false, however many are tested
/// (Benjamini & Hochberg 1995, "Controlling the false discovery rate"). A p-value of NaN is a test
/// that could not be made: it is not found and does not count. The order of the tests makes no
/// difference. Throws Error(user) unless 0 < rate < 1, Error(internal) for a p-value outside
/// [0, 1].
Discoveries control_false_discoveries(const Eigen::Ref<const Eigen::ArrayXd>& p_values, double rate,
                                      Dependence dependence = Dependence::positive);

/// Two-sided p-values of "the mean of this column is `null`", by Student's t: below 1 − confidence
/// just where the interval of mean_with_t_interval() on the same numbers leaves `null` out. NaN
/// where that interval says nothing: no observation, a single one, both infinities. `deterministic`
/// columns, and those whose observations are all equal, are proofs: 0, or 1 at `null` itself.
Eigen::ArrayXd p_values_of_mean(const Eigen::Ref<const Eigen::ArrayXXd>& observations,
                                bool deterministic, double null = 0);

/// The same from an interval that is symmetric and reaches t(freedom) standard errors to either
/// side: those of effects (freedom: observations − 1), and of indices from replicates (replicates −
/// 1). NaN where the estimate is or an end is unbounded.
Eigen::ArrayXd p_values_of_interval(const Estimates& estimates, double confidence,
                                    const Eigen::Ref<const Eigen::ArrayXd>& freedom,
                                    double null = 0);

}  // namespace faultline::analysis
