#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "process/process.h"
#include "run/bound_command.h"

namespace faultline::run {

/// One execution of a command node. Everything is borrowed for the call.
struct CommandStep {
    const model::Node& node;
    const BoundCommand& command;
    engine::Connection& connection;
    const engine::Dialect& dialect;
    /// Its own, below the engine's scratch folder and made here: the program's working folder. The
    /// caller removes it.
    std::filesystem::path folder;
    struct Input {
        std::string node, select;
        /// The same rows as a file of the right format, to be copied; empty: they are written.
        std::filesystem::path file = {};
    };
    std::vector<Input> inputs;
    /// Types of the result's columns, as promised or as found in the unperturbed run: what a text
    /// file is read with.
    std::vector<model::ColumnSpec> typed;
    std::vector<std::string> promised_types;  ///< of Node::columns, in the engine's spelling
    const StopFlag* stop = nullptr;
    std::optional<std::chrono::steady_clock::time_point> deadline = {};
};

/// The step failed by the program's doing.
struct CommandFailure {
    std::string
        stage;  ///< "start": it could not be; "step": it ended badly; "output": so is what it left
    std::string message;  ///< without paths, times and addresses
    bool timed_out = false;
};

/// What the program is started with, as it stands in CommandStep::folder.
std::vector<std::string> arguments_of(const CommandStep& step);

/// Writes the inputs as files, runs the program, looks at what it left and hands the SELECT that
/// reads it to `keep`, which makes a table of it. Throws CommandFailure, Error(cancelled) when
/// `stop` was requested, Error(data) where an input cannot be written. `ended` is filled as soon as
/// the program has ended, however that was.
void run_command(const CommandStep& step, process::Ended& ended,
                 const std::function<void(const std::string& select)>& keep);

/// A node's name as a file's: what a file system or a program may trip over becomes a dash.
std::string file_name_of(const std::string& node);

}  // namespace faultline::run
