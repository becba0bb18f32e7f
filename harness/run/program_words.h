#pragma once

#include <filesystem>
#include <string>

#include "process/process.h"

namespace faultline::run {

/// The last line that a program wrote to stderr, else to stdout, fit for a message: valid UTF-8, of
/// bounded length, without the paths of this execution's own folder. Empty: it wrote nothing.
std::string last_words(const process::Ended& ended, const std::filesystem::path& folder);

/// The engine's words about a file in `folder`, without that folder, without where in the file it
/// was and without its advice: one failure gives one message, whatever was drawn.
std::string words_about_file(std::string message, const std::filesystem::path& folder);

}  // namespace faultline::run
