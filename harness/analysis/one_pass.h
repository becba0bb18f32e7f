#pragma once

#include <Eigen/Core>

namespace faultline::analysis {

/// What Martinez's estimator is made of, summed over base rows A, AB_1 … AB_k, (BA_1 …), B that
/// stand one after the other: columns of one a factor, Σ AB_j, Σ AB_j², Σ B·AB_j and Σ (AB_j −
/// A)²/2, then the scalars: rows, Σ A, Σ B, Σ A² and Σ B². All of it of values less `pivot`.
///
/// `runs` is `rows` · `step` numbers, of which nothing is copied and each is read once; `sums`, of
/// 4 · factors + 5, is added to. A value that is not finite leaves sums that are not. The same bits
/// on every machine.
void add_martinez_sums(const double* runs, Eigen::Index rows, Eigen::Index step,
                       Eigen::Index factors, double pivot, double* sums);

}  // namespace faultline::analysis
