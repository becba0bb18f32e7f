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

HeldTables::Held HeldTables::get(const std::string& key, bool lasting,
                                 const std::function<engine::HeldColumns(std::size_t most)>& make,
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
    if (!entry.columns.empty() || entry.cannot) return {entry.columns, true};
    entry.being_made = true;
    lock.unlock();
    engine::HeldColumns made;
    const auto publish = [&](engine::HeldColumns columns, bool cannot) {
        std::size_t bytes = 0;
        for (const auto& column : columns) bytes += column->bytes();
        lock.lock();
        const bool keeps = (!columns.empty() && make_room(bytes)) || (columns.empty() && cannot);
        if (keeps) {
            Entry& kept = entries_[key];
            kept.columns = std::move(columns);
            kept.bytes = bytes;
            kept.cannot = cannot;
            kept.being_made = false;
            kept_ += bytes;
            many_ += kept.columns.empty() ? 0 : 1;
        } else {
            entries_.erase(key);
        }
        lock.unlock();
        changed_.notify_all();
        return keeps;
    };
    try {
        made = make(most_);
    } catch (...) {
        publish({}, false);
        throw;
    }
    // What is asked for again under this name alone is worth a note that it cannot be.
    const bool kept = publish(made, made.empty() && lasting);
    return {std::move(made), kept};
}

bool HeldTables::make_room(std::size_t bytes) {
    std::size_t idle = 0, idlers = 0;
    for (const auto& [key, entry] : entries_) {
        if (entry.columns.empty() || in_use(entry.columns)) continue;
        idle += entry.bytes;
        ++idlers;
    }
    if (kept_ - idle + bytes > most_ || many_ - idlers >= most_kept) return false;
    while (kept_ + bytes > most_ || many_ >= most_kept) {
        auto oldest = entries_.end();
        for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
            const auto& of = entry->second;
            if (of.columns.empty() || in_use(of.columns)) continue;
            if (oldest == entries_.end() || of.asked < oldest->second.asked) oldest = entry;
        }
        kept_ -= oldest->second.bytes;
        --many_;
        entries_.erase(oldest);
    }
    return true;
}

}  // namespace faultline::plugin
