#pragma once

#include <Eigen/Core>
#include <vector>

namespace faultline::analysis {

/// The outputs of a radial design, taken apart: each matrix base rows × outputs, centred by the
/// mean of all runs of the output and divided by the largest distance from it, so that no square
/// overflows. Rows that are left out are 0 in all of them.
struct RadialRuns {
    Eigen::ArrayXXd a, b;
    std::vector<Eigen::ArrayXXd> ab, ba;  ///< by factor; ba is empty without second order
    Eigen::ArrayXXd kept;                 ///< 1 or 0
    Eigen::ArrayXd count;                 ///< of rows kept, by output
    Eigen::Array<bool, Eigen::Dynamic, 1> constant;  ///< nothing but rounding moves this output
};

/// Throws Error(user) when `runs` are no whole number of base rows.
void require_base_rows(Eigen::Index runs, Eigen::Index factors, bool second_order);

/// Throws Error(user) when the runs are no whole number of base rows.
RadialRuns take_apart(const Eigen::Ref<const Eigen::ArrayXXd>& outputs, Eigen::Index factors,
                      bool second_order);

}  // namespace faultline::analysis
