#pragma once

#include <filesystem>
#include <string>

namespace faultline::cli {

/// The whole file or none of it: written beside its place, synced to disk, then renamed over it.
/// Throws Error(internal) with the system's reason; nothing is left behind.
void write_whole(const std::filesystem::path& file, const std::string& content);

}  // namespace faultline::cli
