#pragma once

#include <string>

#include "engine/duckdb_handles.h"

namespace faultline::engine {

/// Registers for all connections of the database what native_clamped calls. Throws Error(internal).
void register_native_clamped(duckdb_connection connection);

/// `x` cut to what lies between `low` and `high`, of three DOUBLEs: see Dialect::clamped. A fifth
/// of the time of conditions, which ask of every number, twice, whether it is one.
std::string native_clamped(const std::string& x, const std::string& low, const std::string& high);

}  // namespace faultline::engine
