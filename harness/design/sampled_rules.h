#pragma once

#include <cstdint>
#include <vector>

#include "core/digest.h"
#include "core/error.h"
#include "model/scenario.h"

namespace faultline::design {

/// Base rows of a chunk: those stated, or as many as the budget pays for, or the method's own
/// number; a multiple of `parts`, so that each independent part has as many.
inline std::uint64_t rows_within(const model::DesignSpec& spec, std::uint64_t rows_by_default,
                                 std::uint64_t runs_a_row, std::uint64_t parts) {
    std::uint64_t rows = spec.rows.value_or(rows_by_default);
    // With a stopping rule the budget is for all chunks together; a first look costs little.
    if (!spec.rows && spec.budget && !spec.stop) rows = *spec.budget / runs_a_row / parts * parts;
    return rows < parts ? parts : (rows + parts - 1) / parts * parts;
}

/// Refuses rows and budgets that make no design, at their pointers.
void refuse_sizes(const model::DesignSpec& spec, std::uint64_t runs_a_row,
                  std::uint64_t rows_by_default, std::uint64_t parts,
                  std::vector<Problem>& problems);

/// The seed of one chunk's sample.
inline std::uint64_t seed_of_chunk(std::uint64_t seed, std::uint64_t chunk) {
    return Digest().add("chunk").add(seed).add(chunk).word();
}

}  // namespace faultline::design
