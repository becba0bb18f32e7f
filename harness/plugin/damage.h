#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/source_files.h"
#include "plugin/perturb.h"

namespace faultline::plugin {

/// The files of a source that is about to be read in their place. Everything is borrowed for the
/// call.
struct FileSite {
    engine::Connection& connection;
    const engine::Dialect& dialect;
    std::string node;  ///< for messages
    model::FileFormat format = model::FileFormat::csv;
    const engine::SourceFiles& files;
    /// Copies go below it; made when missing, and the caller removes it. Below it the copy of file
    /// i is `i/<name of the original>`.
    std::filesystem::path folder;
    const StopFlag* stop = nullptr;
    std::optional<std::chrono::steady_clock::time_point> deadline = {};
};

/// What a reader finds in the place of one file.
struct FileCopy {
    std::optional<std::filesystem::path> path;  ///< nullopt: the file is gone
    bool damaged =
        false;  ///< gone, or other bytes than the original; if not, `path` is a link to it
};

struct Damage {
    std::vector<FileCopy> copies;        ///< one a file of the source, in order
    std::vector<AnswerKey> answer_keys;  ///< one an application, in order
    std::vector<std::string> notes;      ///< what plugins logged as information or warning
};

/// Applies a stack of file faults in order: each reads what the one before it wrote. Which files a
/// fault goes to is decided by their names: those that its `files` fits, and of these, for a fault
/// whose unit is the file, floor(share · n + ½) by (draw, name). A file's draws depend on its name
/// and the stream alone, so neither on severity nor on what other files there are. Several threads
/// may damage the same source at once, each into a folder of its own. Throws Error(user) for
/// parameters that the plugin refuses, Error(plugin) for one that misbehaves: that fails, writes
/// what is no file or beside it, counts what did not happen, or touches the original. Error(data)
/// where a file cannot be read any more.
Damage damage(const FileSite& site, const std::vector<Application>& stack);

/// Does the fault's `files` fit a file of this name, as a whole or without its folders?
bool goes_to(const Fault& fault, const std::string& file);

/// Can `fault` be applied to these files? Its `files` fits some, and a fault that works on text
/// finds text, in an encoding of bytes. Appends to `problems`.
void check_fits_files(const Fault& fault, const std::string& node, const engine::SourceFiles& files,
                      const std::string& encoding, std::vector<Problem>& problems);

/// "csv", "json", "parquet".
const char* name_of(model::FileFormat format);

}  // namespace faultline::plugin
