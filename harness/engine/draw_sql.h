#pragma once

#include <cstdint>
#include <string>

#include "engine/dialect.h"

namespace faultline::engine {

/// core/draws.h in SQL: for every key, stream and index the text below gives exactly what the C++
/// functions of the same name give (a test holds them together, negative keys included). `key_sql`
/// is a BIGINT expression, best a plain column; a NULL key gives NULL.
///
/// Where the engine has a native draw (Dialect::draw_function) the text is one call. Elsewhere it
/// is the arithmetic itself: five rounds, each naming its input twice, in about 6 kB. Measured on
/// DuckDB 1.4.4: 0.1 ms to bind and 10 ms a million rows natively, 15 ms and 45 ms as arithmetic. A
/// statement with native draws runs only inside faultline.

/// BIGINT in [0, 2^32).
std::string draw_expression(const Dialect& dialect, const std::string& key_sql,
                            std::uint64_t stream, std::uint32_t index);

/// DOUBLE strictly inside (0, 1): (draw + 1/2) / 2^32.
std::string uniform_expression(const Dialect& dialect, const std::string& key_sql,
                               std::uint64_t stream, std::uint32_t index);

/// DOUBLE, N(0, 1), by Box and Muller (Ann. Math. Stat. 29, 1958, 610): the cosine branch, from the
/// uniforms 2·index + 1000 and 2·index + 1001, so uniforms below 1000 and normals never share a
/// draw.
std::string normal_expression(const Dialect& dialect, const std::string& key_sql,
                              std::uint64_t stream, std::uint32_t index);

/// The draw as arithmetic whatever the engine offers: what the other three write on an engine
/// without a native draw, and what defines the native one. `index_sql`, `low_sql` and `high_sql`
/// are BIGINT expressions in [0, 2^32): the index, and the stream's low and high half.
std::string portable_draw(const Dialect& dialect, const std::string& key_sql,
                          const std::string& low_sql, const std::string& high_sql,
                          const std::string& index_sql);

}  // namespace faultline::engine
