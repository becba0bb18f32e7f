#include "plugin/perturb.h"

namespace faultline::plugin {

engine::Rows Measures::get(const std::string& site, const std::string& question,
                           const std::function<engine::Rows()>& compute) {
    const auto key = site + '\n' + question;
    {
        const std::lock_guard lock(mutex_);
        if (const auto known = cache_.find(key); known != cache_.end()) return known->second;
    }
    // Outside the lock: two threads may ask the same at once and get the same answer twice.
    auto rows = compute();
    const std::lock_guard lock(mutex_);
    return cache_.try_emplace(key, std::move(rows)).first->second;
}

}  // namespace faultline::plugin
