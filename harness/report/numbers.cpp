#include "report/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace faultline::report {
namespace {

std::string grouped(std::string digits) {
    for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
    return digits;
}

/// 4.10 is 4.1, and 2.00e-11 is 2e-11.
std::string without_trailing_zeros(const std::string& text) {
    const std::size_t power = std::min(text.find('e'), text.size());
    std::string digits = text.substr(0, power);
    if (digits.find('.') == std::string::npos) return text;
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') digits.pop_back();
    return digits + text.substr(power);
}

constexpr int usual_digits = 3, most_digits = 17;

/// Of a number that is not negative.
std::string magnitude(double value, int digits = usual_digits) {
    if (std::isinf(value)) return "∞";
    if (value == 0) return "0";
    const std::string rounded = fmt::format("{:.{}e}", value, digits - 1);
    if (value >= 1e9 || value < 1e-4) return without_trailing_zeros(rounded);
    // Rounding may carry into another digit (9.996 is 10, not 10.00), so the exponent is read off
    // the rounded text.
    const char* power = rounded.c_str() + rounded.find('e') + 1;
    int exponent = 0;
    std::from_chars(*power == '+' ? power + 1 : power, rounded.c_str() + rounded.size(), exponent);
    const std::string text = fmt::format("{:.{}f}", value, std::max(0, digits - 1 - exponent));
    const std::size_t point = std::min(text.find('.'), text.size());
    return without_trailing_zeros(grouped(text.substr(0, point)) + text.substr(point));
}

std::string number_with(double value, int digits) {
    if (std::isnan(value)) return "no number";
    return (value < 0 ? "−" : "") + magnitude(std::abs(value), digits);
}

}  // namespace

std::string count(std::uint64_t number) {
    return grouped(std::to_string(number));
}

std::string count(std::uint64_t number, const std::string& thing) {
    return count(number) + " " + thing + (number == 1 ? "" : "s");
}

std::string number(double value) {
    return number_with(value, usual_digits);
}

std::string from_to(double from, double to) {
    int digits = usual_digits;
    const double larger = std::max(std::abs(from), std::abs(to));
    const double apart = std::abs(from - to);
    // Two digits of the difference.
    if (std::isfinite(apart) && apart > 0)
        digits = std::clamp(static_cast<int>(std::ceil(std::log10(larger / apart))) + 2,
                            usual_digits, most_digits);
    return number_with(from, digits) + " → " + number_with(to, digits);
}

std::string change(double share) {
    if (std::isnan(share)) return "no number";
    const double percent = std::abs(share) * 100;
    if (percent == 0) return "±0 %";
    const std::string text =
        percent < 9.95 ? fmt::format("{:.1f}", percent) : magnitude(std::round(percent));
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
