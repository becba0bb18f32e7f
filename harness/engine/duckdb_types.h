#pragma once

#include <string>

#include "engine/duckdb_handles.h"
#include "engine/value.h"

namespace faultline::engine {

/// A logical type in SQL, fit for CAST: DECIMAL(18,3), VARCHAR[], STRUCT("a" INTEGER), JSON. The C
/// API has no function for it.
std::string type_text(duckdb_logical_type type);

/// The columns that a prepared statement returns.
Schema columns_of(duckdb_prepared_statement statement);

std::string column_name(duckdb_prepared_statement statement, idx_t column);

/// Whether DuckDB's Arrow form of this type says all that it holds, and reads back. TIMETZ loses
/// its zone there, BIT comes out as bytes, and so on; inside a nested type as well.
bool has_arrow_form(duckdb_logical_type type);

/// Whether cells of this type have a native form in Value; others are read as text.
bool has_native_value(duckdb_logical_type type);

/// One cell. Integers give int64, and beyond its range the nearest double, as DECIMAL and FLOAT do.
/// `type` is the vector's own and has_native_value.
Value cell_of(duckdb_vector vector, duckdb_logical_type type, idx_t row);

}  // namespace faultline::engine
