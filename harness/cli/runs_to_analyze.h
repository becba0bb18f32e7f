#pragma once

#include <filesystem>
#include <string>

#include "cli/number_table.h"

namespace faultline::cli {

/// What `faultline analyze` works on.
struct RunsToAnalyze {
    NumberTable inputs, outputs;
};

/// The runs of a folder that `faultline run` wrote, or of its journal: severities by perturbation,
/// numbers by metric and segment. Throws Error(user) for a `method` that needs a design of its own,
/// or whose needs the run does not meet.
RunsToAnalyze read_run(const std::filesystem::path& run, const std::string& method);

}  // namespace faultline::cli
