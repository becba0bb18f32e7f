#include "journal/tolerance.h"

#include <algorithm>
#include <cmath>

namespace faultline::journal {
namespace {

bool missing(const std::optional<double>& number) {
    return !number || std::isnan(*number);
}

}  // namespace

std::optional<double> effective_tolerance(const model::Tolerance& tolerance, double base,
                                          double floor) {
    double widest = floor;
    bool known = !std::isnan(base) && !std::isnan(floor);
    const auto widen = [&](double bound) {
        known = known && !std::isnan(bound);
        widest = std::max(widest, bound);
    };
    if (tolerance.absolute) widen(*tolerance.absolute);
    if (tolerance.relative) widen(*tolerance.relative * std::abs(base));
    if (tolerance.noise) widen(*tolerance.noise * floor);
    return known ? std::optional(widest) : std::nullopt;
}

bool breaches(const std::optional<double>& value, const std::optional<double>& base,
              double tolerance) {
    if (missing(value) || missing(base)) return missing(value) != missing(base);
    if (!std::isfinite(*value) || !std::isfinite(*base)) return *value != *base;
    return std::abs(*value - *base) > tolerance;
}

}  // namespace faultline::journal
