#pragma once

#include <string>
#include <string_view>

namespace faultline::report::junit {

/// For an attribute or between tags: made harmless (see shown()), escaped, and without the two
/// characters that XML has no place for.
std::string xml(std::string_view text);

}  // namespace faultline::report::junit
