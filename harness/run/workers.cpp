#include "run/workers.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include "core/error.h"
#include "run/trial_queue.h"

namespace faultline::run {
namespace {

/// Trials run beside each other, or one alone, which those that would begin wait for.
class Turns {
  public:
    class Among {
      public:
        explicit Among(Turns& turns) : turns_(turns) {
            std::unique_lock lock(turns_.mutex_);
            turns_.changed_.wait(lock, [&] { return turns_.alone_ == 0; });
            ++turns_.running_;
        }
        ~Among() {
            const std::lock_guard lock(turns_.mutex_);
            --turns_.running_;
            turns_.changed_.notify_all();
        }
        Among(const Among&) = delete;
        Among& operator=(const Among&) = delete;

      private:
        Turns& turns_;
    };
    class Alone {
      public:
        explicit Alone(Turns& turns) : turns_(turns), lock_(turns.mutex_) {
            ++turns_.alone_;
            // Trials that run have no need of this one, which has released what it shared.
            turns_.changed_.wait(lock_, [&] { return turns_.running_ == 0; });
        }
        ~Alone() {
            --turns_.alone_;
            turns_.changed_.notify_all();
        }
        Alone(const Alone&) = delete;
        Alone& operator=(const Alone&) = delete;

      private:
        Turns& turns_;
        std::unique_lock<std::mutex> lock_;  ///< of two that would be alone one waits for the other
    };

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    unsigned running_ = 0, alone_ = 0;
};

}  // namespace

void run_block(const Experiment& experiment, const BaseRun& base, const Baseline& baseline,
               plugin::Measures& measures, const std::vector<design::Trial>& trials,
               const std::vector<bool>& done, unsigned jobs, const StopFlag* stop,
               const std::function<void(std::size_t, const journal::TrialRecord&)>& ended) {
    const auto left = static_cast<std::size_t>(std::count(done.begin(), done.end(), false));
    if (left == 0) return;
    TrialQueue queue(experiment, base, trials, done);
    std::atomic<bool> failed{false};
    std::mutex one_at_a_time;
    std::map<std::size_t, std::exception_ptr> errors;  // by position
    const auto keep_error = [&](std::size_t position) {
        const std::lock_guard lock(one_at_a_time);
        errors.emplace(position, std::current_exception());
        failed.store(true);
    };

    // Where memory ran out with other trials beside, the trial is run again while none is.
    Turns turns;
    const auto run = [&](TrialRunner& runner, const TrialQueue::Next& next) {
        journal::TrialRecord record;
        {
            const Turns::Among others(turns);
            record = runner.run(*next.window, next.in_window);
        }
        if (runner.starved() && jobs > 1) {
            const Turns::Alone nobody(turns);
            record = runner.run_alone(*next.window, next.in_window);
        }
        return record;
    };
    const auto work = [&] {
        TrialRunner runner(experiment, base, baseline, measures, stop);
        for (;;) {
            if (failed.load() || (stop != nullptr && stop->requested())) return;
            const auto next = queue.next();
            if (!next) return;
            try {
                const auto record = run(runner, *next);
                const std::lock_guard lock(one_at_a_time);
                ended(next->in_block, record);
            } catch (const Error& error) {
                if (error.kind() == ErrorKind::cancelled && stop != nullptr && stop->requested())
                    return;
                keep_error(next->in_block);
            } catch (...) {
                keep_error(next->in_block);
            }
        }
    };
    std::vector<std::thread> threads;
    const auto count = static_cast<unsigned>(std::min<std::size_t>(std::max(1u, jobs), left));
    for (unsigned t = 0; t < count; ++t)
        threads.emplace_back([&] {
            // A worker that cannot even connect must not take the process down with it.
            try {
                work();
            } catch (...) {
                keep_error(trials.size());
            }
        });
    for (auto& thread : threads) thread.join();
    if (!errors.empty()) std::rethrow_exception(errors.begin()->second);
}

}  // namespace faultline::run
