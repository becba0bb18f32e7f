#pragma once

#include <atomic>
#include <chrono>
#include <optional>

namespace faultline {

/// Why work should stop. One object may be watched by many threads; request() may be called from a
/// signal handler (it only stores to a lock-free atomic).
class StopFlag {
  public:
    void request() noexcept { requested_.store(true, std::memory_order_relaxed); }
    [[nodiscard]] bool requested() const noexcept {
        return requested_.load(std::memory_order_relaxed);
    }

  private:
    std::atomic<bool> requested_{false};
};

}  // namespace faultline
