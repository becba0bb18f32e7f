#pragma once

#include <cmath>
#include <optional>
#include <string>

#include "journal/records.h"

namespace faultline::findings {

using model::Json;

/// A number that does not exist, or that JSON has no word for, is null.
inline Json json_number(const std::optional<double>& value) {
    return value && std::isfinite(*value) ? Json(*value) : Json();
}

inline Json json_text(const std::optional<std::string>& value) {
    return value ? Json(*value) : Json();
}

/// Empty text says that there is nothing to name.
inline Json json_name(const std::string& value) {
    return value.empty() ? Json() : Json(value);
}

}  // namespace faultline::findings
