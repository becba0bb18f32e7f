#pragma once

#include <string>
#include <vector>

#include "core/groups.h"

namespace faultline::cli {

/// Factors that move together, and what each group is called.
struct FactorGroups {
    Groups of;                       ///< empty where every factor is by itself
    std::vector<std::string> names;  ///< of groups, or of the factors where there are none
};

/// `text` is "1,2;prices=4,5" or a file with a group a line: factors by number (from 1) or by name,
/// a name for the group before an equals sign where it should not be called after its factors.
/// Factors that are not mentioned are groups by themselves, after the others. Empty text: no
/// groups. Throws Error(user) for a factor that does not exist or is in two groups.
FactorGroups factor_groups(const std::string& text, const std::vector<std::string>& factors);

}  // namespace faultline::cli
