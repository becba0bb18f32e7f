#include "core/made_once.h"

#include <chrono>

namespace faultline {

std::string MadeOnce::get(const std::string& key, const std::function<std::string()>& make,
                          const std::function<void()>& look) {
    std::unique_lock lock(mutex_);
    Entry& entry = entries_[key];
    while (entry.state == State::being_made) {
        // A signal handler asks to stop and notifies nobody.
        changed_.wait_for(lock, std::chrono::milliseconds(10));
        if (entry.state != State::being_made) break;
        lock.unlock();
        look();
        lock.lock();
    }
    if (entry.state == State::there) return entry.name;
    entry.state = State::being_made;
    lock.unlock();
    std::string name, out;
    State reached = State::there;
    const auto publish = [&] {
        lock.lock();
        entry.name = std::move(name);
        entry.state = reached;
        lock.unlock();
        changed_.notify_all();
    };
    try {
        name = make();
        out = name;
    } catch (...) {
        reached = State::absent;
        publish();
        throw;
    }
    publish();
    return out;
}

std::vector<std::string> MadeOnce::made() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> out;
    for (const auto& [key, entry] : entries_)
        if (entry.state == State::there) out.push_back(entry.name);
    return out;
}

}  // namespace faultline
