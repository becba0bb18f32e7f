/// What to sort rows by that are handed on. Included by plugins with windows over such rows.
#pragma once

#include <string>

#include "faultline/sdk/call.hpp"

namespace faultline::sdk {

/// A column as a term of ORDER BY or PARTITION BY in a window over rows that are handed on. What an
/// engine sorts by it may hand back from the sort key, in which -0.0 is 0.0 (DuckDB 1.4 does, in
/// lists and structs too): where that can be, this is a copy of the column.
[[nodiscard]] inline std::string sorted_by(const Call& call, const Column& column) {
    const auto name = call.quote(column);
    if (column.family != Family::floating && column.family != Family::nested) return name;
    return "CASE WHEN " + name + " IS NULL THEN NULL ELSE " + name + " END";
}

}  // namespace faultline::sdk
