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

/// Columns of values that faults look up by place: what was asked for once is kept for the next
/// trial that asks the same, for as long as there is room. Thread-safe.
class HeldTables {
  public:
    /// How many are kept: of small data, too, a run has as many as it has draws.
    static constexpr std::size_t most_kept = 64;

    /// `bytes`: the most that one of them may have, and all that are kept together. Whether one is
    /// held must not depend on what else is there: from a table the rows may come in another order.
    /// So what is made while those that are kept are all in use is its trial's, beside them.
    explicit HeldTables(std::size_t bytes) : most_(bytes) {}

    struct Held {
        engine::HeldColumns columns;  ///< nothing where it cannot be held
        bool kept = false;            ///< for others to find
    };
    /// What `make` gave for this key, or gives now; told how many bytes it may hold, it gives
    /// nothing where that is too little. Of what is kept, the one that was not asked for longest
    /// makes room, where nobody uses it. `lasting`: every trial will ask for it. Who asks while
    /// another makes it waits and calls `look` meanwhile, as MadeOnce does.
    Held get(const std::string& key, bool lasting,
             const std::function<engine::HeldColumns(std::size_t most)>& make,
             const std::function<void()>& look);
    /// What one may have.
    [[nodiscard]] std::size_t most() const { return most_; }

  private:
    struct Entry {
        engine::HeldColumns columns;
        std::size_t bytes = 0;
        std::uint64_t asked = 0;  ///< when it was last
        bool being_made = false;
        bool cannot = false;  ///< be held
    };
    /// Room for one more of so many bytes. False, and nothing is let go, where there can be none.
    bool make_room(std::size_t bytes);

    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, Entry> entries_;
    std::size_t most_, kept_ = 0, many_ = 0;
    std::uint64_t asks_ = 0;
};

}  // namespace faultline::plugin
