#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "core/stop.h"

namespace faultline::run {

/// Requests a stop when the run's time is up, or when the caller's flag is set: workers watch one
/// flag only. The time begins with this object, and its thread ends with it.
class Deadline {
  public:
    /// `caller` may be null; otherwise borrowed.
    Deadline(const StopFlag* caller, std::optional<std::chrono::milliseconds> allowed);
    ~Deadline();
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;
    [[nodiscard]] const StopFlag& flag() const { return flag_; }
    [[nodiscard]] bool passed() const { return passed_.load(); }
    /// Looks at the caller's flag now, so that a stop asked for between two trials is obeyed before
    /// the next one however short trials are.
    void look();

  private:
    void watch();

    const StopFlag* caller_;
    const std::optional<std::chrono::milliseconds> allowed_;
    StopFlag flag_;
    std::atomic<bool> passed_{false};
    std::mutex mutex_;
    std::condition_variable wake_;
    bool ended_ = false;
    std::thread thread_;
};

}  // namespace faultline::run
