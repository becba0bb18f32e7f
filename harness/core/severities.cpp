#include "core/severities.h"

#include <algorithm>
#include <stdexcept>

#include "core/kept_text.h"

namespace faultline {
namespace {

template <class Entries>
auto place_of(Entries& entries, const std::string& id) {
    return std::lower_bound(
        entries.begin(), entries.end(), id,
        [](const auto& entry, const std::string& i) { return *entry.first < i; });
}

}  // namespace

Severities::Severities(std::initializer_list<std::pair<const std::string, double>> entries) {
    entries_.reserve(entries.size());
    for (const auto& [id, severity] : entries) (*this)[id] = severity;
}

Severities::Severities(const std::map<std::string, double>& entries) {
    entries_.reserve(entries.size());
    for (const auto& [id, severity] : entries) entries_.emplace_back(kept_text(id), severity);
}

Severities::operator std::map<std::string, double>() const {
    std::map<std::string, double> all;
    for (const auto& [id, severity] : entries_) all.emplace_hint(all.end(), *id, severity);
    return all;
}

Severities::Iterator Severities::find(const std::string& id) const {
    const auto place = place_of(entries_, id);
    return place != entries_.end() && *place->first == id ? Iterator(place) : end();
}

double Severities::at(const std::string& id) const {
    const auto found = find(id);
    if (found == end()) throw std::out_of_range("no severity of " + id);
    return found->second;
}

double& Severities::operator[](const std::string& id) {
    const auto place = place_of(entries_, id);
    if (place != entries_.end() && *place->first == id) return place->second;
    return entries_.emplace(place, kept_text(id), 0.0)->second;
}

}  // namespace faultline
