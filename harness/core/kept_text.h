#pragma once

#include <memory>
#include <string>

namespace faultline {

/// The one place where this text is kept, for as long as the process lives: for what a run has as
/// many of as trials, and few different ones. Thread-safe.
const std::string* kept_text(const std::string& text);

/// The one place where this text is kept for as long as anybody holds on to it: for what may be
/// different in each of many trials. Thread-safe.
std::shared_ptr<const std::string> shared_text(const std::string& text);

}  // namespace faultline
