#include "plugin/held_tables.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace faultline::plugin {
namespace {

bool in_use(const engine::HeldColumns& columns) {
    return std::any_of(columns.begin(), columns.end(),
                       [](const auto& column) { return column.use_count() > 1; });
}

}  // namespace

engine::HeldColumns HeldTables::get(
    const std::string& key, bool lasting,
    const std::function<engine::HeldColumns(std::size_t room)>& make,
    const std::function<void()>& look) {
    std::unique_lock lock(mutex_);
    while (entries_[key].being_made) {
        // A signal handler asks to stop and notifies nobody.
        changed_.wait_for(lock, std::chrono::milliseconds(10));
        if (!entries_[key].being_made) break;
        lock.unlock();
        look();
        lock.lock();
    }
    Entry& entry = entries_[key];
    entry.asked = ++asks_;
    if (!entry.columns.empty()) return entry.columns;
    entry.being_made = true;
    entry.lasting = lasting;
    const auto most = room();
    lock.unlock();
    engine::HeldColumns made;
    const auto publish = [&] {
        lock.lock();
        std::size_t bytes = 0;
        for (const auto& column : made) bytes += column->bytes();
        make_room(bytes);
        if (made.empty() || held_ + bytes > most_) {
            // Another took the room meanwhile: this trial has it all the same, the next makes it.
            entries_.erase(key);
        } else {
            Entry& kept = entries_[key];
            kept.columns = made;
            kept.bytes = bytes;
            kept.being_made = false;
            held_ += bytes;
        }
        lock.unlock();
        changed_.notify_all();
    };
    try {
        made = make(most);
    } catch (...) {
        publish();
        throw;
    }
    publish();
    return made;
}

std::size_t HeldTables::room() const {
    std::size_t bytes = most_ - held_;
    for (const auto& [key, entry] : entries_)
        if (!entry.lasting && !in_use(entry.columns)) bytes += entry.bytes;
    return bytes;
}

void HeldTables::make_room(std::size_t bytes) {
    while (held_ + bytes > most_) {
        auto oldest = entries_.end();
        for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
            const auto& of = entry->second;
            if (of.columns.empty() || of.lasting || in_use(of.columns)) continue;
            if (oldest == entries_.end() || of.asked < oldest->second.asked) oldest = entry;
        }
        if (oldest == entries_.end()) return;
        held_ -= oldest->second.bytes;
        entries_.erase(oldest);
    }
}

}  // namespace faultline::plugin
