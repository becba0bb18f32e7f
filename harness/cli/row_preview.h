#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace faultline::cli {

/// The first rows in which two CSV files differ, as lines for people: "-" stands in `before` alone,
/// "+" in `after` alone. Rows are compared as sets, so that a reordering alone shows nothing. Reads
/// at most `most_rows_compared` of each. `width` columns a line.
std::string row_preview(const std::filesystem::path& before, const std::filesystem::path& after,
                        std::size_t width);

inline constexpr std::size_t most_rows_compared = 200'000;

}  // namespace faultline::cli
