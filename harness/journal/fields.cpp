#include "journal/fields.h"

#include <limits>

#include "journal/numbers.h"

namespace faultline::journal {

Fields::Fields(const Json& object, std::string what) : object_(object), what_(std::move(what)) {
    if (!object_.is_object()) throw Malformed(what_ + " is not an object");
}

void Fields::refuse(const char* key, const char* expected) const {
    throw Malformed("\"" + std::string(key) + "\" of " + what_ + " is not " + expected);
}

const Json& Fields::any(const char* key) const {
    const auto found = object_.find(key);
    if (found == object_.end()) throw Malformed(what_ + " lacks \"" + key + "\"");
    return *found;
}

const Json& Fields::array(const char* key) const {
    const Json& value = any(key);
    if (!value.is_array()) refuse(key, "an array");
    return value;
}

const Json& Fields::object(const char* key) const {
    const Json& value = any(key);
    if (!value.is_object()) refuse(key, "an object");
    return value;
}

std::string Fields::text(const char* key) const {
    const Json& value = any(key);
    if (!value.is_string()) refuse(key, "text");
    return value.get<std::string>();
}

std::vector<std::string> Fields::texts(const char* key) const {
    std::vector<std::string> result;
    for (const auto& item : array(key)) {
        if (!item.is_string()) refuse(key, "an array of texts");
        result.push_back(item.get<std::string>());
    }
    return result;
}

bool Fields::flag(const char* key) const {
    const Json& value = any(key);
    if (!value.is_boolean()) refuse(key, "true or false");
    return value.get<bool>();
}

std::uint64_t Fields::count(const char* key) const {
    const Json& value = any(key);
    if (!value.is_number_unsigned()) refuse(key, "a whole number of 0 or more");
    return value.get<std::uint64_t>();
}

std::uint32_t Fields::small_count(const char* key) const {
    const std::uint64_t value = count(key);
    if (value > std::numeric_limits<std::uint32_t>::max()) refuse(key, "a number below 2^32");
    return static_cast<std::uint32_t>(value);
}

double Fields::number(const char* key) const {
    const auto value = to_number(any(key));
    if (!value || !*value) refuse(key, "a number");
    return **value;
}

std::vector<std::optional<double>> Fields::numbers(const char* key) const {
    std::vector<std::optional<double>> result;
    for (const auto& item : array(key)) {
        const auto value = to_number(item);
        if (!value) refuse(key, "an array of numbers");
        result.push_back(*value);
    }
    return result;
}

}  // namespace faultline::journal
