#pragma once

#include <filesystem>
#include <string>

namespace faultline::process {

/// Where a program is, or why it cannot be run.
struct Found {
    std::filesystem::path path;  ///< absolute; empty: not found
    std::string problem;         ///< empty: found
};

/// `name` with a slash is a path from `folder`; without, it is looked for in the folders of `path`
/// ("/usr/bin:/bin"), of which relative ones are from `folder` as well.
Found find_program(const std::string& name, const std::filesystem::path& folder,
                   const std::string& path);

/// The folders that programs are looked for in where nothing else is said: this process's own PATH,
/// or the system's where it has none.
std::string default_path();

/// What errno at starting `program` means: a script's interpreter that is not there looks as if the
/// script itself were missing.
std::string why_not_started(const std::filesystem::path& program, int error);

}  // namespace faultline::process
