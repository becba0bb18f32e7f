#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace faultline::model {

/// "500ms", "60s", "30m", "2h", "1d", with a decimal fraction if need be ("1.5h") and at most one
/// space before the unit. nullopt when the text is none of these or lies outside
/// [1 ms, longest_duration]. No locale is consulted.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The same bounds for a plain number of seconds; rounded to the nearest millisecond.
std::optional<std::chrono::milliseconds> duration_from_seconds(double seconds);

/// "4GB", "512MB", "1.5GiB", "100 kB", "10B", in any case: KB, MB, GB, TB are powers of 1000, KiB,
/// MiB, GiB, TiB powers of 1024. nullopt when the text is none of these or lies outside [1,
/// largest_memory]. A fraction of a byte is dropped.
std::optional<std::uint64_t> parse_memory(std::string_view text);

inline constexpr std::chrono::milliseconds longest_duration = std::chrono::hours(24 * 366);
/// 2^53: every whole number up to it is exact in a double, so any JSON tool hands it on unharmed.
inline constexpr std::uint64_t largest_memory = std::uint64_t{1} << 53;

}  // namespace faultline::model
