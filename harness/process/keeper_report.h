#pragma once

#include <cstdint>

namespace faultline::process {

/// What the keeper says once, on file descriptor `report_descriptor`, when everything is over. Both
/// ends are of one build and one machine, so it goes over as it lies in memory.
struct KeeperReport {
    /// 0: the program was started; else errno of the step that failed.
    std::int32_t start_error = 0;
    std::int32_t start_stage = 0;  ///< StartStage
    std::int32_t wait_status = 0;  ///< of the program, as from waitpid()
    std::int32_t stopped = 0;      ///< 1: the leash was let go before the program had ended
    std::int32_t left_behind = 0;  ///< processes that the program left running
    std::int32_t unkillable = 0;   ///< 1: some of them would not die
    std::int64_t peak_bytes = 0;   ///< resident, of the program itself
};

enum class StartStage : std::int32_t { keeper = 0, folder = 1, limits = 2, exec = 3 };

/// Open in the keeper: it reads an end of file from the first when its work is no longer wanted,
/// be it that the harness says so or that the harness is no more.
inline constexpr int leash_descriptor = 3;
inline constexpr int report_descriptor = 4;

}  // namespace faultline::process
