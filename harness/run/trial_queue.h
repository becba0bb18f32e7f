#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "run/window.h"

namespace faultline::run {

/// The trials of a block that are still to be run, planned a window at a time by a thread of its
/// own, at most one window ahead of the workers: planning keeps nobody waiting, and the plans of a
/// large block are never all in memory. Thread-safe.
class TrialQueue {
  public:
    struct Next {
        std::shared_ptr<const Window> window;
        std::size_t in_window = 0, in_block = 0;
    };

    /// All are borrowed. `done`, by position in `trials`: recorded already; they are planned with
    /// the others, whose counts depend on them, and not handed out.
    TrialQueue(const Experiment& experiment, const BaseRun& base,
               const std::vector<design::Trial>& trials, const std::vector<bool>& done);
    ~TrialQueue();
    TrialQueue(const TrialQueue&) = delete;
    TrialQueue& operator=(const TrialQueue&) = delete;

    /// A trial to run, or nullopt when there are no more. Of the next ones in order it is the first
    /// that would not at once wait for what another trial is making, so that no worker is idle
    /// while there is work; where all of them would, the first. Rethrows what planning threw.
    std::optional<Next> next();

  private:
    struct Planned {
        std::shared_ptr<const Window> window;
        std::size_t begin = 0;            ///< in the block
        std::deque<std::size_t> waiting;  ///< in the window, in order
    };
    void plan();
    [[nodiscard]] std::optional<Next> take(bool only_ready);

    const Experiment& experiment_;
    const BaseRun& base_;
    const std::vector<design::Trial>& trials_;
    const std::vector<bool>& done_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Planned> windows_;  ///< the one being worked on, and the next
    bool all_planned_ = false, ending_ = false;
    std::exception_ptr error_;
    std::thread planner_;  // last: it uses all of the above
};

}  // namespace faultline::run
