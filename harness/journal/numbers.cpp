#include "journal/numbers.h"

#include <cmath>
#include <limits>

namespace faultline::journal {

Json from_number(double number) {
    if (std::isnan(number)) return "nan";
    if (std::isinf(number)) return number > 0 ? "inf" : "-inf";
    return number;
}

Json from_number(const std::optional<double>& number) {
    return number ? from_number(*number) : Json();
}

std::optional<std::optional<double>> to_number(const Json& value) {
    using Limits = std::numeric_limits<double>;
    if (value.is_null()) return std::optional<double>();
    if (value.is_number()) return std::optional(value.get<double>());
    if (value == "nan") return std::optional(Limits::quiet_NaN());
    if (value == "inf") return std::optional(Limits::infinity());
    if (value == "-inf") return std::optional(-Limits::infinity());
    return std::nullopt;
}

}  // namespace faultline::journal
