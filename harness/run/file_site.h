#pragma once

#include <string>
#include <vector>

#include "core/error.h"
#include "model/scenario.h"
#include "plugin/registry.h"

namespace faultline::run {

/// Can a fault of files act at this node at all? A source of files, all of whose readers get the
/// same. `file` is the scenario's. Nothing is said of a plugin of another kind.
void check_file_site(const plugin::Plugin& plugin, const model::Perturbation& perturbation,
                     const model::Node& node, const std::string& file,
                     std::vector<Problem>& problems);

}  // namespace faultline::run
