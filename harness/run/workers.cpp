#include "run/workers.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "core/error.h"

namespace faultline::run {

std::vector<journal::TrialRecord> run_block(
    const Experiment& experiment, const BaseRun& base, const Baseline& baseline,
    plugin::Measures& measures, const std::vector<design::Trial>& trials, unsigned jobs,
    const StopFlag* stop, const std::function<void(const journal::TrialRecord&)>& ended) {
    std::vector<std::optional<journal::TrialRecord>> records(trials.size());
    std::vector<std::exception_ptr> errors(trials.size());
    std::atomic<std::size_t> next{0};
    std::atomic<bool> failed{false};
    std::mutex one_at_a_time;

    const auto work = [&] {
        TrialRunner runner(experiment, base, baseline, measures, stop);
        for (;;) {
            const std::size_t i = next.fetch_add(1);
            if (i >= trials.size() || failed.load() || (stop != nullptr && stop->requested()))
                return;
            try {
                records[i] = runner.run(trials[i]);
                const std::lock_guard lock(one_at_a_time);
                ended(*records[i]);
            } catch (const Error& error) {
                records[i].reset();
                if (error.kind() == ErrorKind::cancelled && stop != nullptr && stop->requested())
                    return;
                errors[i] = std::current_exception();
                failed.store(true);
            } catch (...) {
                records[i].reset();
                errors[i] = std::current_exception();
                failed.store(true);
            }
        }
    };
    // A worker that cannot even connect must not take the process down with it.
    std::exception_ptr no_worker;
    std::vector<std::thread> threads;
    const unsigned count = static_cast<unsigned>(
        std::min<std::size_t>(std::max(1u, jobs), std::max<std::size_t>(1, trials.size())));
    for (unsigned t = 0; t < count; ++t)
        threads.emplace_back([&] {
            try {
                work();
            } catch (...) {
                const std::lock_guard lock(one_at_a_time);
                no_worker = std::current_exception();
                failed.store(true);
            }
        });
    for (auto& thread : threads) thread.join();
    for (const auto& error : errors)
        if (error) std::rethrow_exception(error);
    if (no_worker) std::rethrow_exception(no_worker);

    std::vector<journal::TrialRecord> done;
    for (auto& record : records)
        if (record) done.push_back(std::move(*record));
    return done;
}

}  // namespace faultline::run
