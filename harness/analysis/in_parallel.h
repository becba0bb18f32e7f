#pragma once

#include <cstddef>
#include <functional>

namespace faultline::analysis {

/// Calls `work(from, to)` for contiguous parts of 0 … n − 1, as many at a time as there are
/// processors. For work whose result does not depend on where the cuts are: each place is written
/// by one part alone, and nothing is summed across parts. Rethrows what a part throws, the first of
/// several.
void in_parallel(std::size_t n, const std::function<void(std::size_t, std::size_t)>& work);

}  // namespace faultline::analysis
