#pragma once

#include <cstdint>

namespace faultline {

/// Portable random draws: integer arithmetic that every SQL engine does exactly in signed 64-bit.
///
/// A draw is a pure function of (key, stream, index): the row's key, the perturbation's stream and
/// which of its draws this is. It is a chain of multiply-xorshift rounds
///     x = ((x xor (x >> 16)) * 73244475) mod 2^32
/// into which the key's halves and the stream's halves are folded in between. Five rounds. The
/// multiplier's product stays below 2^59, so no engine overflows. engine/draw_sql.h says the same
/// in SQL; a test holds the two together, and another tests uniformity and independence.
std::uint32_t draw(std::int64_t key, std::uint64_t stream, std::uint32_t index) noexcept;

/// The draw as a number strictly inside (0, 1): (d + 1/2) / 2^32, exact in a double.
double uniform(std::int64_t key, std::uint64_t stream, std::uint32_t index) noexcept;

/// N(0, 1): the normal distribution's quantile at the uniform number 1000 + index
/// (core/normal_quantile.h). Uniforms that are asked for by themselves stay below index 1000, so
/// that they and normals never share a draw.
double normal(std::int64_t key, std::uint64_t stream, std::uint32_t index) noexcept;
inline constexpr std::uint32_t first_normal_draw = 1000;

/// The stream of a perturbation: a mix of (seed, perturbation id, replicate) and never of the
/// trial's number, so that severities, other factors and releases share their draws.
std::uint64_t stream_of(std::uint64_t seed, const char* perturbation, std::uint64_t replicate);

}  // namespace faultline
