#pragma once

#include <string>
#include <string_view>

namespace faultline {

/// `parent` + "/" + `token`, the token escaped after RFC 6901 (~ is ~0, / is ~1).
std::string pointer_to(const std::string& parent, std::string_view token);
std::string pointer_to(const std::string& parent, std::size_t index);

}  // namespace faultline
