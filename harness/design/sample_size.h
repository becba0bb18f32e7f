#pragma once

#include <fmt/format.h>

#include <limits>

#include "core/error.h"
#include "design/samplers.h"

namespace faultline::design {

/// A matrix for a design, refused before it fills the memory: a slip of the keyboard should not
/// cost a machine.
inline Sample sized_sample(std::uint64_t runs, std::uint64_t factors) {
    constexpr std::uint64_t most_numbers = 1'000'000'000;
    if (factors == 0) throw Error(ErrorKind::user, "a design needs at least one factor");
    if (runs == 0) throw Error(ErrorKind::user, "a design needs at least one row");
    if (runs > most_numbers / factors)
        throw Error(
            ErrorKind::user,
            fmt::format("{} runs of {} factors are more than the {} numbers that a design "
                        "may have",
                        runs == std::numeric_limits<std::uint64_t>::max() ? std::string("too many")
                                                                          : fmt::format("{}", runs),
                        factors, most_numbers));
    return {static_cast<Eigen::Index>(runs), static_cast<Eigen::Index>(factors)};
}

/// a · b, or the largest number when that is too large: sized_sample() refuses it.
inline std::uint64_t times(std::uint64_t a, std::uint64_t b) {
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    return a != 0 && b > most / a ? most : a * b;
}

}  // namespace faultline::design
