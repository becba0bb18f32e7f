#pragma once

#include <string>
#include <vector>

#include "plugin/params.h"

namespace faultline::plugin {

/// Why this plugin cannot follow `along`; empty where it can.
std::string cannot_follow(const Description& about);

/// Reads the object `along`: `place` is its own place. Appends to `problems`.
Along read_along(const Json& along, const Place& place, std::vector<Problem>& problems);

}  // namespace faultline::plugin
