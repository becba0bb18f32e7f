#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "engine/held_column.h"

namespace faultline::plugin {

/// Columns of values that faults look up by place, held in memory for as long as there is room:
/// what was asked for once is there for the next trial that asks the same. Where there is none,
/// nothing is held and who asked looks up in a table, which gives the same values. Thread-safe.
class HeldTables {
  public:
    /// `bytes`: the most that is held, of those in use as well as of those that are not.
    explicit HeldTables(std::size_t bytes) : most_(bytes) {}

    /// What `make` gave for this key, or gives now; told how many bytes it may hold, it gives
    /// nothing where that is too little. What was not asked for longest makes room, where nobody
    /// uses it. `lasting`: for all trials, and so never let go. Who asks while another makes it
    /// waits and calls `look` meanwhile, as MadeOnce does.
    engine::HeldColumns get(const std::string& key, bool lasting,
                            const std::function<engine::HeldColumns(std::size_t room)>& make,
                            const std::function<void()>& look);

    /// The bytes that could be had at this moment: those that are free, and those of what nobody
    /// uses. For what is not worth keeping.
    [[nodiscard]] std::size_t spare() const {
        const std::lock_guard lock(mutex_);
        return room();
    }

  private:
    struct Entry {
        engine::HeldColumns columns;
        std::size_t bytes = 0;
        std::uint64_t asked = 0;  ///< when it was last
        bool being_made = false, lasting = false;
    };
    [[nodiscard]] std::size_t room() const;
    void make_room(std::size_t bytes);

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, Entry> entries_;
    std::size_t most_, held_ = 0;
    std::uint64_t asks_ = 0;
};

}  // namespace faultline::plugin
