#pragma once

#include <cstdint>
#include <string>

#include "engine/duckdb_handles.h"

namespace faultline::engine {

/// Registers for all connections of the database what the functions below call: core/draws.h
/// itself, in vector instructions, about a nanosecond a row. Throws Error(internal).
///
/// Each takes a BIGINT key, for which NULL gives NULL, and is told which draw is meant
/// (native_function.h).
void register_native_draws(duckdb_connection connection);

/// @name Calls of them, as SQL
/// @{
std::string native_draw(const std::string& key, std::uint64_t stream, std::uint32_t index);
std::string native_uniform(const std::string& key, std::uint64_t stream, std::uint32_t index);
/// Of the uniform with this very index, times `deviation`.
std::string native_normal(const std::string& key, std::uint64_t stream, std::uint32_t index,
                          double deviation);
std::string native_up_to(const std::string& key, std::uint64_t stream, std::uint32_t index,
                         std::int64_t last_draw, std::int64_t last_key);
/// @}

}  // namespace faultline::engine
