#pragma once

#include "design/samplers.h"

namespace faultline::design {

/// `rows` points in `replicates` consecutive blocks (core/blocks.h), each the beginning of a Sobol'
/// sequence with a scramble of its own. Throws Error(user) for no replicate and for more dimensions
/// than there are direction numbers.
Sample replicated_points(std::uint64_t dimensions, std::uint64_t rows, std::uint64_t seed,
                         std::uint64_t replicates);

}  // namespace faultline::design
