#include "plugin/perturb.h"

namespace faultline::plugin {

std::string SiteTables::get(const std::string& question, const std::function<std::string()>& make) {
    std::shared_ptr<Entry> entry;
    {
        const std::lock_guard lock(mutex_);
        auto& known = entries_[question];
        if (!known) known = std::make_shared<Entry>();
        entry = known;
    }
    // Who comes second waits for the table. Where making it fails, the next one tries.
    const std::lock_guard lock(entry->making);
    if (entry->name.empty()) entry->name = make();
    return entry->name;
}

std::vector<std::string> SiteTables::names() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> out;
    for (const auto& [question, entry] : entries_) {
        const std::lock_guard made(entry->making);
        if (!entry->name.empty()) out.push_back(entry->name);
    }
    return out;
}

}  // namespace faultline::plugin
