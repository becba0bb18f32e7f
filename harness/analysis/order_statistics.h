#pragma once

#include <cstdint>
#include <optional>

namespace faultline::analysis {

/// Ranks, from 1, of a sample's order statistics that say where the median of what it was drawn
/// from lies, whatever its distribution. `median` is the smallest rank that half of the sample does
/// not exceed. nullopt bounds: the sample is too small for the confidence (under six for 95 %).
struct MedianRanks {
    std::uint64_t median = 1;
    std::optional<std::uint64_t> low, high;
};

/// The interval [x(low), x(high)] covers the median with at least `confidence` (by the sign test:
/// Hahn & Meeker 1991, "Statistical Intervals", 5.2). Throws Error(user) unless 0 < confidence < 1,
/// Error(internal) for an empty sample.
MedianRanks median_ranks(std::uint64_t count, double confidence);

}  // namespace faultline::analysis
