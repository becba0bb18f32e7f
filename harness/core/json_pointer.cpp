#include "core/json_pointer.h"

namespace faultline {

std::string pointer_to(const std::string& parent, std::string_view token) {
    std::string result = parent + "/";
    for (const char c : token) {
        if (c == '~') {
            result += "~0";
        } else if (c == '/') {
            result += "~1";
        } else {
            result += c;
        }
    }
    return result;
}

std::string pointer_to(const std::string& parent, std::size_t index) {
    return parent + "/" + std::to_string(index);
}

}  // namespace faultline
