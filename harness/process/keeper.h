#pragma once

#include <filesystem>

namespace faultline::process {

/// Where faultline-keeper is: $FAULTLINE_KEEPER, or beside the running program, or in
/// ../lib/faultline from there, as installed. Looked for once. Throws Error(internal) where it is
/// nowhere.
const std::filesystem::path& keeper_program();

}  // namespace faultline::process
