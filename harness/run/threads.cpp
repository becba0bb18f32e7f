#include "run/threads.h"

#include <algorithm>
#include <thread>

namespace faultline::run {

unsigned threads_for(std::uint64_t largest_source_bytes, std::uint64_t large) {
    return largest_source_bytes < large ? 1 : std::max(2u, std::thread::hardware_concurrency());
}

unsigned jobs_beside(unsigned threads_per_trial) {
    return std::max(1u, std::thread::hardware_concurrency() / std::max(1u, threads_per_trial));
}

}  // namespace faultline::run
