#pragma once

#include <string_view>

namespace faultline::model {

/// An ISO 8601 date or timestamp as engines read it: "2024-02-29", "2024-02-29T06:30",
/// "2024-02-29 06:30:15.25", each timestamp with "Z", "+02", "+02:00" or nothing after it. The day
/// must exist in its month; years are 0001 to 9999; there are no leap seconds.
bool is_iso8601(std::string_view text);

}  // namespace faultline::model
