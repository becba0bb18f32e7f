#pragma once

#include <string>
#include <string_view>

namespace faultline::report {

/// `text` made harmless (see shown()) and fit for HTML and XML: between tags, or as the value of an
/// attribute in either kind of quotes.
std::string escaped(std::string_view text);

}  // namespace faultline::report
