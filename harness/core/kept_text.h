#pragma once

#include <string>

namespace faultline {

/// The one place where this text is kept, for as long as the process lives: for what a run has as
/// many of as trials, and few different ones. Thread-safe.
const std::string* kept_text(const std::string& text);

}  // namespace faultline
