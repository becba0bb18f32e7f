#include "core/shared_ids.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace faultline {

SharedIds shared_ids(const std::string* const* ids, std::size_t count) {
    // By what it begins with, for several kinds of lists, and by length, since one that grows comes
    // by all of its lengths; two of each, the latest first.
    constexpr std::size_t kinds = 64;
    static thread_local std::array<std::array<SharedIds, 2>, kinds> latest;
    if (count == 0) return {};
    auto& known = latest[(std::hash<std::string>()(*ids[0]) + count) % kinds];
    const auto is_same = [&](const SharedIds& one) {
        return std::equal(one.begin(), one.end(), ids, ids + count);
    };
    if (is_same(known[0])) return known[0];
    std::swap(known[0], known[1]);
    if (!is_same(known[0])) known[0] = SharedIds(ids, count);
    return known[0];
}

std::size_t place_of(const SharedIds& ids, const std::string& id) {
    return static_cast<std::size_t>(
        std::lower_bound(
            ids.begin(), ids.end(), id,
            [](const std::string* known, const std::string& i) { return *known < i; }) -
        ids.begin());
}

}  // namespace faultline
