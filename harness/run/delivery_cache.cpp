#include "run/delivery_cache.h"

namespace faultline::run {

std::optional<plugin::Perturbed> DeliveryCache::find(const std::string& address) const {
    const std::lock_guard lock(mutex_);
    const auto found = kept_.find(address);
    return found == kept_.end() ? std::nullopt : std::optional(found->second);
}

void DeliveryCache::keep(const std::string& address, const plugin::Perturbed& perturbed) {
    if (!perturbed.made.empty() || perturbed.holds_own) return;
    const std::lock_guard lock(mutex_);
    if (!kept_.emplace(address, perturbed).second) return;
    order_.push_back(address);
    if (order_.size() <= most) return;
    kept_.erase(order_.front());
    order_.pop_front();
}

}  // namespace faultline::run
