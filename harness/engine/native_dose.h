#pragma once

#include <optional>
#include <string>

#include "core/dose_curve.h"
#include "engine/duckdb_handles.h"

namespace faultline::engine {

/// Registers for all connections of the database what the function below calls: core/dose_curve.h
/// itself, about two nanoseconds a row where SQL's casts, comparisons and divisions take twenty.
/// Throws Error(internal).
void register_native_doses(duckdb_connection connection);

/// A DOUBLE, never NULL: the curve at a column of the type DOUBLE, DATE or TIMESTAMP (in seconds
/// since 1970); nothing for other types.
std::optional<std::string> native_dose(const std::string& column, const std::string& type,
                                       const DoseCurve& curve);

}  // namespace faultline::engine
