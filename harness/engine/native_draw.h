#pragma once

#include "engine/duckdb_handles.h"

namespace faultline::engine {

/// Registers faultline_draw(key, stream's low half, its high half, index) → BIGINT for all
/// connections of the database: core/draws.h itself, a few nanoseconds a row. Throws
/// Error(internal).
void register_native_draw(duckdb_connection connection);

}  // namespace faultline::engine
