#pragma once

#include <cstdint>

namespace faultline::run {

/// From this size on, 2 GiB as BaseRun::bytes() tells it, a source is large.
inline constexpr std::uint64_t large_source = std::uint64_t{2} << 30;

/// Engine threads a trial, where nobody has stated them. One, with several trials at once, gives
/// more trials an hour as long as each has its results in memory, and the same bits every time. Of
/// a source that is large, a perturbed form for each of several trials would go to disk: all
/// threads there are work on one trial then (at least 2), and the result is approximate. Decided by
/// the size of the data alone, not by a timing, a memory limit or the number of cores, so that the
/// same run is of the same kind on every machine.
unsigned threads_for(std::uint64_t largest_source_bytes, std::uint64_t large = large_source);

/// Trials at once, where nobody has stated them: one a core, fewer where a trial has several
/// threads.
unsigned jobs_beside(unsigned threads_per_trial);

}  // namespace faultline::run
