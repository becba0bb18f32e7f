#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "run/experiment.h"

namespace faultline::run {

/// A command node's program as this machine has it.
struct BoundCommand {
    std::filesystem::path program;
    /// {folder} and files of the document's folder in place; {in:NODE} and {out} still to be
    /// filled.
    std::vector<std::string> arguments;
    std::vector<std::string> environment;  ///< NAME=value, without TMPDIR
    std::string digest;  ///< of the program, the files it reads and its environment, by content
};

/// Finds what the pipeline's commands need. A name without a slash is looked for on the PATH, one
/// with a slash from the document's folder. An argument that names a file there is that file,
/// although the working folder is another. The environment is what `env` says, and PATH. Throws
/// Error(user) with every program and file that is not there.
std::map<graph::NodeIndex, BoundCommand> bind_commands(const model::Pipeline& pipeline);

}  // namespace faultline::run
