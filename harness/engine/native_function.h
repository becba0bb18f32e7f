#pragma once

#include <vector>

#include "engine/duckdb_handles.h"

namespace faultline::engine {

/// A scalar function of ours that DuckDB calls a chunk at a time, on its own threads: it must touch
/// nothing but its arguments.
struct NativeFunction {
    const char* name;
    std::vector<duckdb_type> takes;
    duckdb_type gives;
    duckdb_scalar_function_t run;
    /// True: it is called with NULLs as well, and says what they give. False: NULL gives NULL.
    bool sees_nulls = false;
    /// Looks at the arguments of a call once, when the statement is bound; may be null.
    duckdb_scalar_function_bind_t bind = nullptr;
};

/// For all connections of the database. Throws Error(internal).
void register_native(duckdb_connection connection, const NativeFunction& function);

}  // namespace faultline::engine
