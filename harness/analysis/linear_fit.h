#pragma once

#include <Eigen/Core>
#include <functional>
#include <vector>

#include "analysis/estimate.h"

namespace faultline::analysis {

/// Least squares of the outputs that share a set of surviving runs, on inputs scaled to mean 0 and
/// standard deviation 1 (both over n) and outputs likewise. Only factors that change are in it.
struct LinearFit {
    std::vector<Eigen::Index> factors;  ///< which columns of the inputs
    std::vector<Eigen::Index> outputs;  ///< which columns of the outputs
    Eigen::ArrayXd input_scale, output_scale;
    Eigen::ArrayXd output_largest;  ///< absolute value, in units of the output's scale; 0: still
    Eigen::MatrixXd x, y;           ///< scaled; an output that never changes is 0
    Eigen::MatrixXd coefficients;   ///< factors × outputs
    Eigen::MatrixXd residuals;      ///< runs × outputs
    Eigen::MatrixXd inverse;        ///< (xᵀx)⁻¹
    double freedom = 0;             ///< runs − factors − 1
    /// How large a coefficient rounding alone can make, of outputs that are sums and means
    /// themselves: some last digits of the largest of them, spread over as many runs.
    [[nodiscard]] double of_rounding(Eigen::Index factor, Eigen::Index output) const;
};

/// Fits every group of outputs that lost the same runs, once a group, and lets `conclude` fill in
/// the entries of the fit's factors and outputs. What no fit reaches stays NaN and unbounded.
/// `ranked` fits ranks in place of values.
std::vector<Estimates> fit_each_group(
    const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
    const Eigen::Ref<const Eigen::ArrayXXd>& outputs, bool ranked,
    const std::function<void(const LinearFit&, std::vector<Estimates>&)>& conclude);

}  // namespace faultline::analysis
