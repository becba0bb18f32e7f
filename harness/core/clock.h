#pragma once

#include <chrono>

namespace faultline {

/// Monotonic time behind a seam, so that a test can stand in for it. Thread-safe.
class Clock {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;
    virtual ~Clock() = default;
    [[nodiscard]] virtual TimePoint now() const { return std::chrono::steady_clock::now(); }
};

}  // namespace faultline
