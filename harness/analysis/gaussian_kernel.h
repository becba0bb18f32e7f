#pragma once

#include <Eigen/Core>

namespace faultline::analysis {

/// G of the centred kernel matrix H K H = G Gᵀ, n × rank: K_ij = exp(−(v_i − v_j)² / 2s²), s the
/// standard deviation of the values. By pivoted incomplete Cholesky (Bach & Jordan 2002) down to
/// 1e-13 of the trace. `values` differ, are finite and of moderate size.
Eigen::MatrixXd centred_gaussian_kernel(const Eigen::Ref<const Eigen::ArrayXd>& values);

}  // namespace faultline::analysis
