#pragma once

#include <string>

#include "plugin/perturb.h"

namespace faultline::plugin {

/// What to tell the user of a `where` that the engine refuses with `message`: which column there is
/// not, and which is the nearest, as far as the message quotes a name of the condition's; else the
/// engine's own words.
Problem where_problem(const Fault& fault, const Site& site, const std::string& message);

}  // namespace faultline::plugin
