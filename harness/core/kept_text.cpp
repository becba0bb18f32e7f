#include "core/kept_text.h"

#include <mutex>
#include <shared_mutex>
#include <unordered_map>
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

namespace {

class SharedTexts {
  public:
    std::shared_ptr<const std::string> find(const std::string& text) {
        const std::lock_guard lock(mutex_);
        const auto entry = texts_.find(text);
        return entry == texts_.end() ? nullptr : entry->second.lock();
    }
    /// `text`, or what somebody has added since it was looked for.
    std::shared_ptr<const std::string> add(const std::shared_ptr<const std::string>& text) {
        const std::lock_guard lock(mutex_);
        auto& known = texts_[*text];
        if (auto held = known.lock()) return held;
        known = text;
        return text;
    }
    void forget(const std::string& text) {
        const std::lock_guard lock(mutex_);
        const auto entry = texts_.find(text);
        // Somebody may have asked for the same text since.
        if (entry != texts_.end() && entry->second.expired()) texts_.erase(entry);
    }

  private:
    std::mutex mutex_;
    std::unordered_map<std::string, std::weak_ptr<const std::string>> texts_;
};

}  // namespace

std::shared_ptr<const std::string> shared_text(const std::string& text) {
    static auto& texts = *new SharedTexts;  // who holds a text may outlive what is static
    if (auto known = texts.find(text)) return known;
    const std::shared_ptr<const std::string> made(new std::string(text),
                                                  [](const std::string* gone) {
                                                      texts.forget(*gone);
                                                      delete gone;
                                                  });
    return texts.add(made);
}

}  // namespace faultline
