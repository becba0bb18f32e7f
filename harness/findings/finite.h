#pragma once

#include <cmath>
#include <optional>

namespace faultline::findings {

/// JSON has no word for what is not finite: such a number does not exist in the result.
inline std::optional<double> finite(double number) {
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

}  // namespace faultline::findings
