#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace faultline::engine {

/// The files that a source's paths mean: an existing file of that very name, else the engine's glob
/// (*, ?, [a-z], **). Sorted by name, without duplicates. Throws Error(user).
std::vector<std::filesystem::path> find_files(Connection& connection, const Dialect& dialect,
                                              const model::Source& source,
                                              const std::filesystem::path& folder);

/// The files that one of a source's paths means, found in the same way.
std::vector<std::string> find_files(Connection& connection, const Dialect& dialect,
                                    const std::string& path, const std::filesystem::path& folder);

/// Creates `table` from the source. Throws Error(user) for whatever is wrong with it.
void load_source_into(const SqlEngine& engine, Connection& connection, const model::Source& source,
                      const std::filesystem::path& folder, const std::string& table,
                      const std::string& order_by);

}  // namespace faultline::engine
