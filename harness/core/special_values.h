#pragma once

#include <limits>

namespace faultline {

/// No bound.
inline constexpr double infinity = std::numeric_limits<double>::infinity();
/// No value.
inline constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

}  // namespace faultline
