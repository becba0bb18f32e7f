#include "model/names.h"

#include <algorithm>

namespace faultline::model {

std::string fold_case(std::string_view text) {
    std::string folded(text);
    for (char& c : folded)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return folded;
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
