#include "run/trial_queue.h"

#include <algorithm>

namespace faultline::run {
namespace {
/// Windows that are planned and not used up: the one that workers take from, and one ahead.
constexpr std::size_t most_windows = 2;
/// How many trials are looked at for one that need not wait: beyond that, what is taken early would
/// keep much alive that is shared.
constexpr std::size_t most_looked_at = 64;
}  // namespace

TrialQueue::TrialQueue(const Experiment& experiment, const BaseRun& base,
                       const std::vector<design::Trial>& trials, const std::vector<bool>& done)
    : experiment_(experiment), base_(base), trials_(trials), done_(done), planner_([this] {
          plan();
      }) {}

TrialQueue::~TrialQueue() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    planner_.join();
}

void TrialQueue::plan() {
    const std::size_t size = window_size(experiment_);
    try {
        for (std::size_t begin = 0; begin < trials_.size(); begin += size) {
            const std::size_t end = std::min(begin + size, trials_.size());
            Planned planned;
            planned.begin = begin;
            for (std::size_t i = begin; i < end; ++i)
                if (!done_[i]) planned.waiting.push_back(i - begin);
            if (planned.waiting.empty()) continue;
            {
                std::unique_lock lock(mutex_);
                changed_.wait(lock, [&] { return ending_ || windows_.size() < most_windows; });
                if (ending_) return;
            }
            planned.window =
                std::make_shared<const Window>(experiment_, base_, trials_, begin, end);
            for (std::size_t i = begin; i < end; ++i)
                if (done_[i])  // Nothing has been made yet that would have to be dropped.
                    (void)planned.window->results().release(planned.window->at(i - begin).expects);
            const std::lock_guard lock(mutex_);
            windows_.push_back(std::move(planned));
            changed_.notify_all();
        }
    } catch (...) {
        const std::lock_guard lock(mutex_);
        error_ = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    all_planned_ = true;
    changed_.notify_all();
}

std::optional<TrialQueue::Next> TrialQueue::next() {
    std::unique_lock lock(mutex_);
    for (;;) {
        if (error_) std::rethrow_exception(error_);
        if (auto ready = take(true)) return ready;
        // Planning the next window may bring a trial that need not wait, but is no reason to.
        if (auto any = take(false)) return any;
        if (all_planned_) return std::nullopt;
        changed_.wait(lock);
    }
}

std::optional<TrialQueue::Next> TrialQueue::take(bool only_ready) {
    std::size_t looked_at = 0;
    for (auto& planned : windows_) {
        const SharedResults& results = planned.window->results();
        for (auto at = planned.waiting.begin(); at != planned.waiting.end(); ++at) {
            if (++looked_at > most_looked_at) return std::nullopt;
            if (only_ready && results.any_being_made(planned.window->at(*at).expects)) continue;
            const Next next{planned.window, *at, planned.begin + *at};
            planned.waiting.erase(at);
            if (std::erase_if(windows_, [](const Planned& w) { return w.waiting.empty(); }) > 0)
                changed_.notify_all();
            return next;
        }
    }
    return std::nullopt;
}

}  // namespace faultline::run
