#include "report/numbers.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace faultline::report {
namespace {

std::string grouped(std::string digits) {
    for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
    return digits;
}

std::string without_trailing_zeros(std::string text) {
    if (text.find('.') == std::string::npos) return text;
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

/// Of a number that is not negative.
std::string magnitude(double value) {
    if (std::isinf(value)) return "∞";
    if (value == 0) return "0";
    if (value >= 1e9 || value < 1e-4) return fmt::format("{:.1e}", value);
    // Rounding may carry into another digit (9.996 is 10, not 10.00), so the exponent is read off
    // the rounded text.
    const std::string rounded = fmt::format("{:.2e}", value);
    const char* power = rounded.c_str() + rounded.find('e') + 1;
    int exponent = 0;
    std::from_chars(*power == '+' ? power + 1 : power, rounded.c_str() + rounded.size(), exponent);
    if (exponent >= 3) return grouped(fmt::format("{:.0f}", value));
    return without_trailing_zeros(fmt::format("{:.{}f}", value, 2 - exponent));
}

}  // namespace

std::string count(std::uint64_t number) {
    return grouped(std::to_string(number));
}

std::string count(std::uint64_t number, const std::string& thing) {
    return count(number) + " " + thing + (number == 1 ? "" : "s");
}

std::string number(double value) {
    if (std::isnan(value)) return "no number";
    return (value < 0 ? "−" : "") + magnitude(std::abs(value));
}

std::string change(double share) {
    if (std::isnan(share)) return "no number";
    const double percent = std::abs(share) * 100;
    if (percent == 0) return "±0 %";
    const std::string text =
        percent < 10 ? fmt::format("{:.1f}", percent) : magnitude(std::round(percent));
    const std::string sign = share < 0 ? "−" : "+";
    return text == "0.0" ? "under " + sign + "0.1 %" : sign + text + " %";
}

std::string interval(std::optional<double> low, std::optional<double> high) {
    if (!low && !high) return {};
    const std::string left = low && std::isfinite(*low) ? "[" + number(*low) : "(−∞";
    const std::string right = high && std::isfinite(*high) ? number(*high) + "]" : "∞)";
    return left + ", " + right;
}

}  // namespace faultline::report
