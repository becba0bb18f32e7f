#include "run/shared_results.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/error.h"

namespace faultline::run {

void SharedResults::expect(const std::string& name) {
    const std::lock_guard lock(mutex_);
    ++entries_[name].expected;
}

bool SharedResults::shares(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    return entries_.contains(name);
}

bool SharedResults::any_being_made(const std::vector<std::string>& names) const {
    const std::lock_guard lock(mutex_);
    if (being_made_ == 0) return false;
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        const auto entry = entries_.find(name);
        return entry != entries_.end() && entry->second.state == State::being_made;
    });
}

std::vector<std::string> SharedResults::release(const std::vector<std::string>& names) {
    std::vector<std::string> tables;
    const std::lock_guard lock(mutex_);
    for (const auto& name : names) {
        const auto entry = entries_.find(name);
        if (entry == entries_.end() || --entry->second.expected > 0) continue;
        if (!entry->second.table.empty()) tables.push_back(entry->second.table);
        entries_.erase(entry);
    }
    return tables;
}

Claim::Claim(SharedResults* shared, const std::string& name, const StopFlag* stop, bool waits)
    : shared_(shared), name_(name) {
    if (shared_ == nullptr) return;
    std::unique_lock lock(shared_->mutex_);
    const auto found = shared_->entries_.find(name_);
    if (found == shared_->entries_.end()) return;
    // The name is one of those that this trial expects: it stays until the trial releases it.
    SharedResults::Entry& entry = found->second;
    if (!waits && entry.state == SharedResults::State::being_made) {
        pending_ = true;
        return;
    }
    while (entry.state == SharedResults::State::being_made) {
        // A signal handler can set the flag but notify nobody, so it is looked at.
        shared_->changed_.wait_for(lock, std::chrono::milliseconds(20));
        if (stop != nullptr && stop->requested())
            throw Error(ErrorKind::cancelled, "interrupted while another trial computed a result");
    }
    if (entry.state == SharedResults::State::there) {
        ready_ = &entry.result;
    } else if (entry.state == SharedResults::State::absent) {
        entry.state = SharedResults::State::being_made;
        ++shared_->being_made_;
        mine_ = true;
    }
}

Claim::Claim(Claim&& other) noexcept
    : shared_(other.shared_),
      name_(std::move(other.name_)),
      ready_(other.ready_),
      mine_(std::exchange(other.mine_, false)),
      pending_(other.pending_) {}

Claim::~Claim() {
    if (!mine_) return;
    {
        const std::lock_guard lock(shared_->mutex_);
        shared_->entries_.at(name_).state = SharedResults::State::failed;
        --shared_->being_made_;
    }
    shared_->changed_.notify_all();
}

void Claim::publish(SharedResult result, const std::string& table) {
    {
        const std::lock_guard lock(shared_->mutex_);
        SharedResults::Entry& entry = shared_->entries_.at(name_);
        entry.result = std::move(result);
        entry.table = table;
        entry.state = SharedResults::State::there;
        --shared_->being_made_;
    }
    mine_ = false;
    shared_->changed_.notify_all();
}

}  // namespace faultline::run
