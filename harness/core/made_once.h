#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace faultline {

/// What several threads look things up in (a table, a file), each made once, by the first who asks
/// for it, and called by its name ever after. Thread-safe.
class MadeOnce {
  public:
    /// The name that `make` gave what this key stands for, or once gave it. Who asks while another
    /// makes it waits, and calls `look` every few milliseconds meanwhile, which throws where the
    /// waiting has to end. Where `make` throws, so does this, and the next one to ask makes it.
    std::string get(const std::string& key, const std::function<std::string()>& make,
                    const std::function<void()>& look);
    /// The names of what there is, in the order of the keys.
    [[nodiscard]] std::vector<std::string> made() const;

  private:
    enum class State { absent, being_made, there };
    struct Entry {
        State state = State::absent;
        std::string name;
    };
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, Entry> entries_;
};

}  // namespace faultline
