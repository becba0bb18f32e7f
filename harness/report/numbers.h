#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace faultline::report {

/// Numbers for people, with the digits that matter. Independent of the locale; the decimal sign is
/// a point, thousands are set off by a comma.

/// 12,345
std::string count(std::uint64_t number);
/// "3 trials", "1 trial"
std::string count(std::uint64_t number, const std::string& thing);
/// Three significant digits, whole numbers below 1e9 in full: 0.0123, 4.1, 12.5, 1,234, 1.2e+09.
/// Infinite numbers are ∞ and −∞.
std::string number(double value);
/// "1,000 → 1,041", with as many digits as it takes to tell the two apart and how far.
std::string from_to(double from, double to);
/// A share as a signed percentage: +4.1 %, −100 %, ±0 %.
std::string change(double share);
/// "[0.8, 1.3]"; an end that is missing or infinite is open: "[0.8, ∞)". Empty when both are
/// missing.
std::string interval(std::optional<double> low, std::optional<double> high);

}  // namespace faultline::report
