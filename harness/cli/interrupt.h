#pragma once

#include "core/stop.h"

namespace faultline::cli {

/// While one of these lives, the first SIGINT, SIGTERM or SIGHUP requests a stop and lets the run
/// write what it has; a second ends the process at once with exit code 130. One at a time; restores
/// what was there.
class InterruptGuard {
  public:
    InterruptGuard();
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;
    [[nodiscard]] const StopFlag& flag() const;
};

}  // namespace faultline::cli
