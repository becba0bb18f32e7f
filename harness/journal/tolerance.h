#pragma once

#include <optional>

#include "model/scenario.h"

namespace faultline::journal {

/// How far one series may move before it counts, in the metric's unit: the widest of absolute,
/// relative · |base| and noise · floor, and never below the noise floor itself. 0 where nothing is
/// stated and nothing moves by itself: any change counts. nullopt when `base` or a bound is NaN.
std::optional<double> effective_tolerance(const model::Tolerance& tolerance, double base,
                                          double floor);

/// Did a series move out of its tolerance? Yes when |value − base| > tolerance; when its number is
/// lost, NaN or infinite where the base was finite; and when it has a number where the base had
/// none (a new segment). Both missing, or the same infinity twice, is no change.
bool breaches(const std::optional<double>& value, const std::optional<double>& base,
              double tolerance);

}  // namespace faultline::journal
