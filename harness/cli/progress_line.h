#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "core/clock.h"
#include "run/execute.h"

namespace faultline::cli {

/// One line on standard error that says how far a run is, with its rate and the time left. Redrawn
/// at most ten times a second, erased at the end; silent when `visible` is false. Thread-safe.
class ProgressLine {
  public:
    explicit ProgressLine(bool visible) : visible_(visible) {}
    ~ProgressLine() { erase(); }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void update(const run::Progress& progress);
    void erase();

  private:
    [[nodiscard]] std::string text(const run::Progress& progress, Clock::TimePoint now) const;

    const bool visible_;
    Clock clock_;
    std::mutex mutex_;
    std::string phase_;
    Clock::TimePoint phase_began_{}, drawn_{};
    bool on_screen_ = false;
};

}  // namespace faultline::cli
