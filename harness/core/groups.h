#pragma once

#include <cstdint>
#include <vector>

namespace faultline {

/// Factors that move together and share one index: entry j is the group of factor j, counted from
/// 0, every number below the largest used. Empty: each factor is a group by itself.
using Groups = std::vector<std::uint64_t>;

/// The factors of each group, in ascending order. Throws Error(user) where `groups` names another
/// number of factors than `factors`, or a group has none.
std::vector<std::vector<std::uint64_t>> members_of(const Groups& groups, std::uint64_t factors);

}  // namespace faultline
