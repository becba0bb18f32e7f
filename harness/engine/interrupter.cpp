#include "engine/interrupter.h"

#include <algorithm>

#include "core/error.h"

namespace faultline::engine {
namespace {
constexpr std::chrono::milliseconds poll_interval{3};
/// How long the thread keeps polling with nothing to watch. Statements follow one another closely,
/// and a sleeping thread costs each of them a wake-up.
constexpr int idle_polls = 30;
}  // namespace

StopReason reason_to_stop(const StopWhen& condition) {
    if (condition.flag != nullptr && condition.flag->requested()) return StopReason::interrupted;
    if (condition.deadline && std::chrono::steady_clock::now() >= *condition.deadline)
        return StopReason::timed_out;
    return StopReason::none;
}

void throw_cancelled(StopReason reason) {
    throw Error(ErrorKind::cancelled,
                reason == StopReason::timed_out ? "timed out" : "interrupted");
}

void throw_if_stopped(const StopWhen& condition) {
    const StopReason reason = reason_to_stop(condition);
    if (reason != StopReason::none) throw_cancelled(reason);
}

Interrupter::Watch::Watch(Interrupter& owner, duckdb_connection connection,
                          const StopWhen& condition)
    : owner_(owner),
      connection_(connection),
      condition_(condition),
      watched_(condition.deadline.has_value() || condition.flag != nullptr) {
    if (!watched_) return;
    check();
    const std::lock_guard lock(owner_.mutex_);
    owner_.watches_.push_back(this);
    if (owner_.asleep_) owner_.wake_.notify_one();
}

Interrupter::Watch::~Watch() {
    if (!watched_) return;
    const std::lock_guard lock(owner_.mutex_);
    std::erase(owner_.watches_, this);
}

void Interrupter::Watch::check() const {
    throw_if_stopped(condition_);
}

StopReason Interrupter::Watch::fired() const {
    if (!watched_) return StopReason::none;
    const std::lock_guard lock(owner_.mutex_);
    return fired_;
}

Interrupter::Interrupter() : thread_([this] { run(); }) {}

Interrupter::~Interrupter() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void Interrupter::fire_due() {
    for (Watch* watch : watches_) {
        // The first reason stands: a deadline that passes while an interrupt works is no time-out.
        if (watch->fired_ == StopReason::none) watch->fired_ = reason_to_stop(watch->condition_);
        if (watch->fired_ != StopReason::none) duckdb_interrupt(watch->connection_);
    }
}

void Interrupter::run() {
    std::unique_lock lock(mutex_);
    int idle = 0;
    while (!stopping_) {
        fire_due();
        idle = watches_.empty() ? idle + 1 : 0;
        if (idle < idle_polls) {
            wake_.wait_for(lock, poll_interval, [this] { return stopping_; });
            continue;
        }
        asleep_ = true;
        wake_.wait(lock, [this] { return stopping_ || !watches_.empty(); });
        asleep_ = false;
        idle = 0;
    }
}

}  // namespace faultline::engine
