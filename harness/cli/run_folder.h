#pragma once

#include <filesystem>
#include <string>

#include "model/scenario.h"

namespace faultline::cli {

/// Throws Error(user) when `folder` is there and not an empty folder: a run overwrites nothing.
/// Says so if another run is using it.
void refuse_used_folder(const std::filesystem::path& folder);

/// The same when a run is to be resumed in it: throws for a folder with something else in it than a
/// run, or the remains of one that was killed before it had recorded anything.
void refuse_foreign_folder(const std::filesystem::path& folder);

/// The folder for a run whose user named none: runs/<title>/<next number>, created.
std::filesystem::path next_run_folder(const model::Scenario& scenario);

/// Makes `latest`, beside the run's folder, point to it, in one step, so that whoever follows it
/// always finds a run. A file system without symbolic links does without.
void point_latest_to(const std::filesystem::path& run);

/// A title as a file name: its letters and digits in lower case, "-" for all else.
std::string slug_of(const std::string& title);

}  // namespace faultline::cli
