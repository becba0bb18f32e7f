#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/stop.h"

namespace faultline::process {

/// A program about to run. All is borrowed for the call.
struct Execution {
    std::filesystem::path program;       ///< absolute; see find_program()
    std::vector<std::string> arguments;  ///< the first is what the program is called by
    /// NAME=value: all there is of an environment.
    std::vector<std::string> environment;
    std::filesystem::path folder;               ///< its working folder; has to exist
    std::optional<std::uint64_t> memory_bytes;  ///< of data for each of its processes
    std::optional<std::chrono::steady_clock::time_point> deadline;
    const StopFlag* stop = nullptr;
    std::size_t tail_bytes = 16384;  ///< kept of each stream
};

/// What came out of one of its streams.
struct Stream {
    std::string tail;         ///< the last bytes
    std::uint64_t total = 0;  ///< bytes in all
};

enum class Ending {
    exited,       ///< `code` is its exit status
    signalled,    ///< `code` is the signal
    timed_out,    ///< killed at the deadline
    stopped,      ///< killed because of StopFlag
    lost,         ///< it killed the process that watched over it
    not_started,  ///< `code` is errno, `reason` says what it means
};

struct Ended {
    Ending ending = Ending::exited;
    int code = 0;
    std::string reason;  ///< of not_started
    Stream out, err;
    std::chrono::duration<double> took{};  ///< from its start to its end
    std::uint64_t peak_bytes = 0;          ///< resident, of the program without its children
    int left_behind = 0;                   ///< processes it had left running, killed
};

/// Runs a program to its end: in a session and process group of its own, with stdin from /dev/null,
/// no file descriptor but the three streams, the signals' dispositions and mask at their defaults,
/// no core dumps and no new privileges. When it has ended, was not wanted any longer, or this
/// process died, everything that descends from it is killed, also what left its process group and
/// session. Thread-safe. Throws Error(internal) where the harness lacks what it takes to start a
/// program (faultline-keeper, processes, file descriptors); whatever the program does is a value.
Ended run(const Execution& execution);

/// What to say of an end in one line: "exited with status 1", "was killed by SIGSEGV (…)",
/// "could not be started: …". No times and no paths but those of the program.
std::string words_of(const Ended& ended);

}  // namespace faultline::process
