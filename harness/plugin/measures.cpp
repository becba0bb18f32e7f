#include "plugin/perturb.h"

namespace faultline::plugin {
namespace {

/// What an answer takes up, about: one of another question has the same few numbers and names.
std::size_t bytes_of(const std::string& key, const engine::Rows& rows) {
    constexpr std::size_t entry = 256;
    std::size_t bytes = entry + key.size();
    for (const auto& column : rows.schema)
        bytes += sizeof column + column.name.size() + column.type.size();
    for (const auto& row : rows.rows) {
        bytes += sizeof row;
        for (const auto& value : row) {
            bytes += sizeof value;
            if (const auto* text = std::get_if<std::string>(&value)) bytes += text->size();
        }
    }
    return bytes;
}

}  // namespace

engine::Rows Measures::get(const std::string& site, const std::string& question,
                           const std::function<engine::Rows()>& compute) {
    auto key = site + '\n' + question;
    const auto known = [&]() -> const engine::Rows* {
        const auto found = at_.find(key);
        if (found == at_.end()) return nullptr;
        entries_.splice(entries_.begin(), entries_, found->second);
        return &entries_.front().rows;
    };
    {
        const std::lock_guard lock(mutex_);
        if (const auto* rows = known()) return *rows;
    }
    // Outside the lock: two threads may ask the same at once and get the same answer twice.
    auto rows = compute();
    const std::lock_guard lock(mutex_);
    if (const auto* first = known()) return *first;
    const std::size_t bytes = bytes_of(key, rows);
    entries_.push_front({std::move(key), rows, bytes});
    at_.emplace(entries_.front().key, entries_.begin());
    held_ += bytes;
    while (held_ > most_ && entries_.size() > 1) {
        held_ -= entries_.back().bytes;
        at_.erase(entries_.back().key);
        entries_.pop_back();
    }
    return rows;
}

}  // namespace faultline::plugin
