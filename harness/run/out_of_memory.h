#pragma once

#include <string>

namespace faultline::run {

/// What an engine says when memory runs out, in words that help: what to change in faultline's own
/// terms, without amounts that differ from run to run. Any other message as it is.
std::string advised(const std::string& message);

/// Whether that is what a message says, as the engine's or as advised() puts it.
bool is_out_of_memory(const std::string& message);

}  // namespace faultline::run
