#include "model/names.h"

#include <algorithm>

namespace faultline::model {

std::string fold_case(std::string_view text) {
    std::string folded(text);
    for (char& c : folded)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return folded;
}

bool same_folded(std::string_view a, std::string_view b) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    if (a.size() != b.size()) return false;
    // Names of one pipeline differ at their ends more often than at their beginnings.
    for (std::size_t i = a.size(); i-- > 0;)
        if (lower(a[i]) != lower(b[i])) return false;
    return true;
}

std::string NameIndex::form(const std::string& name) const {
    return rule_ == NameCase::fold ? fold_case(name) : name;
}

std::optional<std::string> NameIndex::add(const std::string& name) {
    const auto [entry, added] = positions_.emplace(form(name), names_.size());
    if (!added) return names_[entry->second];
    names_.push_back(name);
    return std::nullopt;
}

const std::string* NameIndex::find(const std::string& name) const {
    const auto entry = positions_.find(form(name));
    return entry == positions_.end() ? nullptr : &names_[entry->second];
}

}  // namespace faultline::model
