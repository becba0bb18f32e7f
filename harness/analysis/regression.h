#pragma once

#include <Eigen/Core>
#include <vector>

#include "analysis/estimate.h"

namespace faultline::analysis {

/// Linear attribution from runs already made. `inputs` is runs × factors, `outputs` runs × outputs;
/// the result has one entry a factor. A run without a finite output is left out, output by output:
/// conditional on survival, `count` < runs. A factor that never changes, or too few runs for the
/// factors (at most factors + 1 of them): NaN and unbounded. An output that never changes: 0.
/// All throw Error(user) for factors that are combinations of each other: no fit could tell them
/// apart.

/// Standardised regression coefficients b_j · sd(x_j) / sd(y) of least squares (Saltelli et al.
/// 2008, "Global sensitivity analysis: the primer", §1.2.5). For independent factors and a linear
/// output their squares are the Sobol' indices. Interval: delta method on the influence of each run
/// on coefficient and both standard deviations, residuals weighted as in HC3 (MacKinnon & White
/// 1985), so that it needs neither normal residuals nor equal variances; t(runs − factors − 1).
std::vector<Estimates> standardised_coefficients(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                                                 const Eigen::Ref<const Eigen::ArrayXXd>& outputs,
                                                 double confidence);

/// Partial rank correlation coefficients (Iman & Helton 1988; Marino et al. 2008), ties ranked in
/// the middle: how monotone y is in x_j once the others are accounted for linearly in ranks.
/// Interval: Fisher's z with variance 1.06 / (runs − factors − 2) (Fieller, Hartley & Pearson 1957,
/// less one run for each other factor).
std::vector<Estimates> partial_rank_correlations(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                                                 const Eigen::Ref<const Eigen::ArrayXXd>& outputs,
                                                 double confidence);

/// Main effects by least squares, change of the output per unit of the input. In a two-level design
/// of −1 and +1 that is half the difference between the means at the high and at the low level: the
/// contrast of Plackett & Burman (1946), "The design of optimum multifactorial experiments".
/// Interval: Student's t with the residual variance, runs − factors − 1 degrees of freedom;
/// unbounded where none is left. What rounding of the outputs alone explains is 0. Interactions
/// that the design does not confound with main effects count as residual, which widens the
/// intervals.
std::vector<Estimates> main_effects(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                                    const Eigen::Ref<const Eigen::ArrayXXd>& outputs,
                                    double confidence);

}  // namespace faultline::analysis
