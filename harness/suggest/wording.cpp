#include "suggest/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "model/utf8.h"

namespace faultline::suggest {
namespace {

/// The double nearest to the number with that many significant digits, by way of its text: the
/// same one on every machine and in every locale.
double with_digits(double number, int digits) {
    const auto text = fmt::format("{:.{}e}", number, digits - 1);
    double value = number;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

std::string counted(std::int64_t number) {
    auto digits = std::to_string(number);
    const std::size_t first = number < 0 ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, ",");
    return digits;
}

std::string counted(std::int64_t number, const std::string& noun) {
    const bool whole = number == 1;
    const bool batch = noun.ends_with("ch");
    return counted(number) + " " + noun + (whole ? "" : batch ? "es" : "s");
}

std::string shown(double number) {
    const double whole = std::nearbyint(number);
    if (whole == number && std::abs(number) < 1e15)
        return counted(static_cast<std::int64_t>(whole));
    if (std::abs(number) >= 1e4 && std::abs(number) < 1e15)
        return counted(static_cast<std::int64_t>(whole));
    return fmt::format("{:.4g}", number);
}

std::string percent(double share) {
    return fmt::format("{:.2g} %", share * 100);
}

std::string named(const std::string& name) {
    return model::printable(name, 60);
}

double rounded(double number) {
    return with_digits(number, 2);
}

double at_least_one(double share, std::int64_t units) {
    const auto n = static_cast<double>(std::max<std::int64_t>(units, 1));
    if (std::floor(share * n + 0.5) >= 1) return share;
    for (int digits = 1; digits < 17; ++digits) {
        const double scale = std::pow(10.0, std::floor(std::log10(1 / n)) - digits + 1);
        const double candidate =
            std::min(1.0, with_digits(std::ceil(1 / n / scale) * scale, digits));
        if (std::floor(candidate * n + 0.5) == 1) return candidate;
    }
    return 1 / n;
}

}  // namespace faultline::suggest
