#include "run/workers.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "core/error.h"
#include "run/trial_queue.h"

namespace faultline::run {

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

    // Where memory ran out with other trials beside, the trial is run again while none is. Who
    // would be alone keeps the door, so that those who would begin wait for it; trials that run
    // have no need of it, which has released what it shared.
    std::mutex door;
    std::shared_mutex room;
    const auto run = [&](TrialRunner& runner, const TrialQueue::Next& next) {
        journal::TrialRecord record;
        {
            std::unique_lock entry(door);
            const std::shared_lock others(room);
            entry.unlock();
            record = runner.run(*next.window, next.in_window);
        }
        if (runner.starved() && jobs > 1) {
            const std::lock_guard entry(door);
            const std::lock_guard nobody(room);
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
