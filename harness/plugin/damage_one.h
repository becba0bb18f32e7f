#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "plugin/damage.h"

namespace faultline::plugin {

/// What one fault made of one file.
struct Step {
    bool gone = false;      ///< it left no file
    bool changed = false;   ///< gone, or other bytes than those it was given
    bool identity = false;  ///< the plugin says that there was nothing to change
    std::int64_t records = 0, bytes = 0;
};

/// Calls a plugin's file() to read `from` and write `to`, and holds what it says against what it
/// did. Throws as damage() does; what it wrote by then is left to the caller to remove.
Step damage_one(const FileSite& site, const Application& application, std::uint64_t stream,
                const engine::SourceFile& about, const std::filesystem::path& from,
                const std::filesystem::path& to, std::vector<std::string>& notes);

}  // namespace faultline::plugin
