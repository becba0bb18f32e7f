#pragma once

#include <cstdint>
#include <string>

#include "engine/dialect.h"

namespace faultline::engine {

/// core/draws.h in SQL: for every key, stream and index the text below gives exactly what the C++
/// functions of the same name give (a test holds them together, negative keys included). `key_sql`
/// is a BIGINT expression, best a plain column; a NULL key gives NULL.
///
/// Where the engine draws natively (Dialect::draws_natively) the text is one call. Elsewhere it is
/// the arithmetic itself: five rounds, each naming its input twice, in about 6 kB. Measured on
/// DuckDB 1.4.4: 0.1 ms to bind and 2 ms a million rows natively, 15 ms and 45 ms as arithmetic. A
/// statement with native draws runs only inside faultline.

/// BIGINT in [0, 2^32).
std::string draw_expression(const Dialect& dialect, const std::string& key_sql,
                            std::uint64_t stream, std::uint32_t index);

/// DOUBLE strictly inside (0, 1): (draw + 1/2) / 2^32.
std::string uniform_expression(const Dialect& dialect, const std::string& key_sql,
                               std::uint64_t stream, std::uint32_t index);

/// BOOLEAN: is that uniform below `share`?
std::string below_expression(const Dialect& dialect, const std::string& key_sql,
                             std::uint64_t stream, std::uint32_t index, double share);

/// DOUBLE, N(0, deviation²): deviation times the quantile function (core/normal_quantile.h) at the
/// uniform 1000 + index. As arithmetic it is a scalar subquery, so that its uniform is written
/// once.
std::string normal_expression(const Dialect& dialect, const std::string& key_sql,
                              std::uint64_t stream, std::uint32_t index, double deviation = 1);

/// BOOLEAN: does (draw, key) come no later than (last_draw, last_key) in order?
std::string up_to_expression(const Dialect& dialect, const std::string& key_sql,
                             std::uint64_t stream, std::uint32_t index, std::int64_t last_draw,
                             std::int64_t last_key);

}  // namespace faultline::engine
