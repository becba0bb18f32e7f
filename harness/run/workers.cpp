#include "run/workers.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "core/error.h"

namespace faultline::run {
namespace {

/// The trials of a block in their order, planned a window at a time. Thread-safe.
class Queue {
  public:
    struct Next {
        std::shared_ptr<const Window> window;
        std::size_t in_window = 0, in_block = 0;
    };

    Queue(const Experiment& experiment, const BaseRun& base,
          const std::vector<design::Trial>& trials)
        : experiment_(experiment), base_(base), trials_(trials), size_(window_size(experiment)) {}

    std::optional<Next> next() {
        const std::lock_guard lock(mutex_);
        if (next_ >= trials_.size()) return std::nullopt;
        if (window_ == nullptr || next_ >= begin_ + window_->size()) {
            begin_ = next_;
            window_ = std::make_shared<const Window>(experiment_, base_, trials_, begin_,
                                                     std::min(begin_ + size_, trials_.size()));
        }
        const std::size_t at = next_++;
        return Next{window_, at - begin_, at};
    }

  private:
    const Experiment& experiment_;
    const BaseRun& base_;
    const std::vector<design::Trial>& trials_;
    const std::size_t size_;
    std::mutex mutex_;
    std::shared_ptr<const Window> window_;
    std::size_t begin_ = 0, next_ = 0;
};

}  // namespace

std::vector<journal::TrialRecord> run_block(
    const Experiment& experiment, const BaseRun& base, const Baseline& baseline,
    plugin::Measures& measures, const std::vector<design::Trial>& trials, unsigned jobs,
    const StopFlag* stop, const std::function<void(const journal::TrialRecord&)>& ended) {
    std::vector<std::optional<journal::TrialRecord>> records(trials.size());
    std::vector<std::exception_ptr> errors(trials.size());
    Queue queue(experiment, base, trials);
    std::atomic<bool> failed{false};
    std::mutex one_at_a_time;

    const auto work = [&] {
        TrialRunner runner(experiment, base, baseline, measures, stop);
        for (;;) {
            if (failed.load() || (stop != nullptr && stop->requested())) return;
            const auto next = queue.next();
            if (!next) return;
            const std::size_t i = next->in_block;
            try {
                records[i] = runner.run(*next->window, next->in_window);
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
