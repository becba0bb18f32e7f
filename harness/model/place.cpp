#include "model/place.h"

#include <fmt/format.h>

#include "model/utf8.h"

namespace faultline::model {

std::string describe(const Json& value) {
    if (value.is_string())
        return fmt::format("the string \"{}\"", printable(value.get_ref<const std::string&>()));
    if (value.is_number()) return "the number " + value.dump();
    if (value.is_array()) {
        return value.empty() ? std::string("an empty array")
                             : fmt::format("an array of {}", value.size());
    }
    if (value.is_object()) return value.empty() ? "an empty object" : "an object";
    return value.dump();
}

Place Place::member(const std::string& key) const {
    return {value_->find(key).value(), pointer_to(pointer_, key), *problems_};
}

Place Place::element(std::size_t index) const {
    return {(*value_)[index], pointer_to(pointer_, index), *problems_};
}

bool Place::refuse(const std::string& expected, const std::string& nearest) const {
    return report(describe(*value_), expected, nearest);
}

bool Place::report(const std::string& found, const std::string& expected,
                   const std::string& nearest) const {
    problems_->add(pointer_, found, expected, nearest);
    return false;
}

}  // namespace faultline::model
