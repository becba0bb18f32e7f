#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace faultline::report {

using Outcomes = std::map<std::string, std::uint64_t>;

/// How often an outcome happened; 0 for one that is not listed.
std::uint64_t number_of(const Outcomes& outcomes, const char* name);
/// Every outcome that happened, the worst first: "16 silent, 1 crashed, 15 absorbed".
std::string outcomes_text(const Outcomes& outcomes);
/// Crashed or timed out.
std::uint64_t broken(const Outcomes& outcomes);
std::uint64_t total_of(const Outcomes& outcomes);

}  // namespace faultline::report
