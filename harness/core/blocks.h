#pragma once

#include <cstdint>

namespace faultline {

/// The block of a row when `rows` are cut into `blocks` consecutive ones whose sizes differ by one
/// at most. Samplers draw each block independently and estimators read its spread, so both have to
/// cut alike. `row` < `rows`; 1 <= `blocks` <= `rows`.
constexpr std::uint64_t block_of(std::uint64_t row, std::uint64_t rows, std::uint64_t blocks) {
    return row * blocks / rows;
}

/// Blocks when a person asked for `wanted` of so few `rows` that some would be empty.
constexpr std::uint64_t blocks_in(std::uint64_t rows, std::uint64_t wanted) {
    return rows < wanted ? rows : wanted;
}

}  // namespace faultline
