#include "core/groups.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"

namespace faultline {

std::vector<std::vector<std::uint64_t>> members_of(const Groups& groups, std::uint64_t factors) {
    std::vector<std::vector<std::uint64_t>> members;
    if (groups.empty()) {
        for (std::uint64_t j = 0; j < factors; ++j) members.push_back({j});
        return members;
    }
    if (groups.size() != factors)
        throw Error(ErrorKind::user, fmt::format("found groups of {} factors, expected of {}",
                                                 groups.size(), factors));
    const std::uint64_t last = *std::max_element(groups.begin(), groups.end());
    if (last >= factors)
        throw Error(ErrorKind::user, fmt::format("found a group numbered {} of {} factors, so that "
                                                 "some group would have none",
                                                 last + 1, factors));
    members.resize(last + 1);
    for (std::uint64_t j = 0; j < factors; ++j) members[groups[j]].push_back(j);
    for (std::size_t g = 0; g < members.size(); ++g)
        if (members[g].empty())
            throw Error(ErrorKind::user, fmt::format("group {} has no factor", g + 1));
    return members;
}

}  // namespace faultline
