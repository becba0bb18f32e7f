#include "core/kept_text.h"

#include <mutex>
#include <shared_mutex>
#include <unordered_set>

namespace faultline {

const std::string* kept_text(const std::string& text) {
    // Elements of an unordered_set stay where they are.
    static std::shared_mutex mutex;
    static std::unordered_set<std::string> texts;
    {
        const std::shared_lock lock(mutex);
        if (const auto found = texts.find(text); found != texts.end()) return &*found;
    }
    const std::unique_lock lock(mutex);
    return &*texts.insert(text).first;
}

}  // namespace faultline
