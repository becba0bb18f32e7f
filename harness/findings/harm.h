#pragma once

#include <algorithm>
#include <utility>

namespace faultline::findings {

/// How bad something is, the one order of everything that is listed "worst first": unbounded damage
/// first, then by the larger of the damage and 1 where a trial crashed, timed out, or lost or
/// gained a segment (a crash is worth a breach, not more: somebody notices), equals by the damage
/// itself. What is equal in both stays in its document's order, so sort stably.
struct Harm {
    double damage = -1;  ///< in tolerances; infinite: unbounded; -1: none could be estimated
    bool broke = false;  ///< a trial crashed, timed out, or lost or gained a segment

    [[nodiscard]] double weight() const { return std::max(damage, broke ? 1.0 : 0.0); }
    [[nodiscard]] bool worse_than(const Harm& other) const {
        return std::pair(weight(), damage) > std::pair(other.weight(), other.damage);
    }
};

}  // namespace faultline::findings
