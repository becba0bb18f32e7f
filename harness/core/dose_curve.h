#pragma once

#include <cstddef>

namespace faultline {

/// How much of a fault's severity lies where along a column: 0 … 1 by a value's place between the
/// smallest and the largest, x = (value - first) / span. The exact rules are in
/// docs/perturbations.md ("Along"); plugin/dose_sql.cpp says the same in SQL, to the bit.
struct DoseCurve {
    enum class Shape { step, ramp, trend, spike, season } shape = Shape::step;
    double first = 0, span = 1;  ///< span > 0
    double start = 0, end = 1;   ///< places
    double turn = 0;             ///< season: radians a unit of x

    /// The doses of `n` values. A value that is NaN or no smaller than 1e300 is nowhere: 0.
    void doses(const double* values, std::size_t n, double* out) const noexcept;
};

}  // namespace faultline
