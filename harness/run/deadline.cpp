#include "run/deadline.h"

namespace faultline::run {

Deadline::Deadline(const StopFlag* caller, std::optional<std::chrono::milliseconds> allowed)
    : caller_(caller), allowed_(allowed) {
    thread_ = std::thread([this] { watch(); });
}

Deadline::~Deadline() {
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void Deadline::look() {
    if (caller_ != nullptr && caller_->requested()) flag_.request();
}

void Deadline::watch() {
    const auto start = std::chrono::steady_clock::now();
    std::unique_lock lock(mutex_);
    while (!ended_) {
        if (caller_ != nullptr && caller_->requested()) {
            flag_.request();
            return;
        }
        if (allowed_ && std::chrono::steady_clock::now() - start >= *allowed_) {
            passed_.store(true);
            flag_.request();
            return;
        }
        // A signal handler can set the caller's flag but notify nobody, so it is looked at.
        wake_.wait_for(lock, std::chrono::milliseconds(20));
    }
}

}  // namespace faultline::run
