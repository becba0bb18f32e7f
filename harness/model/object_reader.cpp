#include "model/object_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/utf8.h"

namespace faultline::model {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

std::string listed(const std::vector<std::string>& keys) {
    return fmt::format("\"{}\"", fmt::join(keys, "\", \""));
}

}  // namespace

ObjectReader::ObjectReader(const Place& place) : place_(place) {
    if (!is_object()) place_.refuse("an object");
}

bool ObjectReader::has(const std::string& key) const {
    return is_object() && place_.value().contains(key);
}

bool ObjectReader::knows(const std::string& key) const {
    return contains(known_, key) || contains(misplaced_, key);
}

bool ObjectReader::allow(const std::string& key) {
    if (!contains(known_, key)) known_.push_back(key);
    return has(key);
}

bool ObjectReader::demand(const std::string& key) {
    if (!is_object() || has(key)) return true;
    allow(key);
    return place_.report(fmt::format("no \"{}\"", key), "that key, which is required here");
}

bool ObjectReader::exactly_one_of(const std::vector<std::string>& keys) {
    std::vector<std::string> present;
    for (const auto& key : keys)
        if (allow(key)) present.push_back(key);
    if (present.size() == 1 || !is_object()) return present.size() == 1;
    return place_.report(
        present.empty() ? "none of " + listed(keys) : listed(present) + " together",
        "exactly one of " + listed(keys));
}

void ObjectReader::only(const std::string& key, const std::string& where) {
    if (!has(key)) return;
    misplaced_.push_back(key);
    place_.member(key).report(fmt::format("the key \"{}\"", key), "it only " + where);
}

void ObjectReader::close() {
    if (!is_object()) return;
    place_.each_member([this](const std::string& key, const Place& member) {
        if (knows(key)) return;
        member.report(fmt::format("the unknown key \"{}\"", printable(key)),
                      "one of " + listed(known_), place_.nearest(key, known_));
    });
}

}  // namespace faultline::model
