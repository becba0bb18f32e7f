#pragma once

#include <cstdint>
#include <string>

namespace faultline::suggest {

/// 20000 as "20,000".
std::string counted(std::int64_t number);
/// The same with its noun: "1 row", "20,000 rows".
std::string counted(std::int64_t number, const std::string& noun);
/// A number for people: four significant digits.
std::string shown(double number);
/// A share as per cent: 0.05 is "5 %".
std::string percent(double share);
/// A name out of the data, fit for a comment of one line.
std::string named(const std::string& name);

/// Rounded to two significant digits: a dose that a person could have chosen.
double rounded(double number);

/// A share of `units` that hits at least one of them when counted exactly: `share` where it does
/// already, else the one unit, written with as few digits as that takes.
double at_least_one(double share, std::int64_t units);

}  // namespace faultline::suggest
