#pragma once

#include <string>
#include <vector>

namespace faultline::cli {

/// What the shell is told; the first that applies. Kept here alone.
enum ExitCode : int {
    exit_held = 0,
    exit_deviated = 1,
    exit_unknown = 2,
    exit_bad_input = 3,
    exit_failed = 4,
    exit_interrupted = 130
};

/// One subcommand. `run` gets the words after its name and returns an exit code; it may throw.
struct Command {
    std::string name;
    std::string summary;  ///< one line, for `faultline --help`
    int (*run)(const std::vector<std::string>& words);
};

/// Every subcommand of this build, by name.
const std::vector<Command>& commands();

/// A subcommand puts itself into the table: one of these at file scope in cmd_<name>.cpp, and no
/// other file is edited to add one.
class Registration {
  public:
    explicit Registration(Command command);
};

}  // namespace faultline::cli
