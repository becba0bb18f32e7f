#pragma once

#include <string>
#include <vector>

#include "plugin/registry.h"

namespace faultline::cli {

/// A plugin that a search has found, and in what.
struct Found {
    const plugin::Plugin* plugin;
    std::string where;  ///< "backfill", a keyword; "parameter mode"; empty: name, summary or group
};

/// Those in which every word of `text` stands somewhere: in name, summary, group, keywords or
/// parameters. Case, hyphens and endings ("duplicates", "truncation") make no difference; a short
/// word must begin one, a longer one may stand inside it.
std::vector<Found> matches(const std::vector<const plugin::Plugin*>& plugins,
                           const std::string& text);

/// The same; throws Error(user) with the nearest name or keyword where there are none.
std::vector<Found> search(const std::vector<const plugin::Plugin*>& plugins,
                          const std::string& text);

}  // namespace faultline::cli
