#pragma once

#include <string>
#include <vector>

#include "plugin/registry.h"

namespace faultline::cli {

/// A group of the catalogue.
struct PluginGroup {
    std::string name;   ///< as plugins state it: "batches"
    std::string title;  ///< as people read it: "Batches and time"
    std::string about;  ///< what goes wrong there, in a few words
};

/// The catalogue's groups in its order, then whatever else the plugins state, by name.
std::vector<PluginGroup> groups_of(const std::vector<const plugin::Plugin*>& plugins);

/// As people read it: "Batches and time". A group that the catalogue does not have is its own
/// title.
std::string title_of(const std::string& group);

/// The group that `text` names: its name, its title or the beginning of either, in any case. Throws
/// Error(user) with the groups there are.
PluginGroup group_named(const std::string& text, const std::vector<const plugin::Plugin*>& plugins);

}  // namespace faultline::cli
