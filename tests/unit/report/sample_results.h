#pragma once

#include "findings/result.h"

namespace faultline::report {

/// A run in which everything that the report can say happened.
findings::Result everything_happened();
/// A run in which nothing did.
findings::Result nothing_happened();
/// A run whose names and messages try to write to the reader's terminal.
findings::Result hostile_names();

}  // namespace faultline::report
