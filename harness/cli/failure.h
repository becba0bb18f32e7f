#pragma once

#include <nlohmann/json.hpp>

#include "core/error.h"

namespace faultline::cli {

/// Says what the exception in flight is about and returns the exit code that follows from it. To be
/// called in a catch block.
int report_failure() noexcept;

/// An Error's problems as an array for programs: file, pointer, found, expected, nearest (null
/// where there is none) and the message for people. An Error without problems makes one entry.
nlohmann::ordered_json problems_as_json(const Error& error);

}  // namespace faultline::cli
