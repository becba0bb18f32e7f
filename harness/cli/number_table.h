#pragma once

#include <Eigen/Core>
#include <filesystem>
#include <string>
#include <vector>

namespace faultline::cli {

/// A file of numbers: columns with names, rows in the file's order, NaN where a cell is empty.
struct NumberTable {
    std::vector<std::string> names;
    Eigen::ArrayXXd values;
};

/// Reads CSV (.csv, .tsv and whatever else: the engine finds the delimiter; the first line is a
/// header if it holds anything but numbers) or Parquet (.parquet). Without one, columns are called
/// `prefix`1, `prefix`2 … Throws Error(user) for a file that cannot be read and for a column that
/// is not of numbers.
NumberTable read_numbers(const std::filesystem::path& file, const std::string& prefix);

/// Writes `csv`, which has a header and only numbers, as a Parquet file of DOUBLE columns.
void write_parquet(const std::filesystem::path& file, const std::string& csv);

}  // namespace faultline::cli
