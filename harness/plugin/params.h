#pragma once

#include <string>
#include <vector>

#include "core/error.h"
#include "plugin/perturb.h"

namespace faultline::plugin {

/// Where in which document the params stand, for Problems.
struct Place {
    std::string file;
    std::string pointer;  ///< of the params object
};

/// The keys of the selection that this plugin admits.
std::vector<std::string> admitted_keys(const Description& about);

/// Reads the selection's keys out of `params`, over the plugin's defaults. Appends to `problems`.
Selection read_selection(const Description& about, const Json& params, const Place& place,
                         std::vector<Problem>& problems);

/// Checks the plugin's own keys of `params` against its JSON Schema and returns them with defaults
/// filled in; a default of null leaves the parameter unset. `mapped` may be missing although
/// required.
Json read_own_params(const Description& about, const Json& params, const Place& place,
                     const std::string& mapped, std::vector<Problem>& problems);

}  // namespace faultline::plugin
