#pragma once

#include <string>

#include "core/error.h"
#include "engine/duckdb_handles.h"
#include "engine/interrupter.h"

namespace faultline::engine {

/// DuckDB's message without the part that points into the statement: that text was put together
/// here, and its line numbers mean nothing to the user.
std::string tidy_message(const std::string& message);

/// Whether the engine failed for want of room on disk.
bool is_full_disk(const std::string& message);

/// Throws for a failed statement: Error(cancelled) when `watch` had interrupted it, Error(internal)
/// when the disk is full that it spills to, else Error(data).
[[noreturn]] void throw_failure(const Interrupter::Watch& watch, const std::string& message);

/// Throws Error(kind) when a call that returns error data failed.
void require(ErrorHandle error, ErrorKind kind, const std::string& doing);

}  // namespace faultline::engine
