#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/dialect.h"
#include "model/pipeline.h"

namespace faultline::engine {

/// The SELECT that reads `files` as the source says, its columns not yet typed for JSON and
/// Parquet. `columns` are typed in the read itself for CSV, so that "007" survives as text. A
/// `frozen` reader looks at whole files to find the types; a `sniff`ing one at DuckDB's default
/// sample, as production readers do, and may fail on a later row. Throws Error(user) for options it
/// does not know.
std::string read_files_sql(const Dialect& dialect, const model::Source& source,
                           const std::vector<std::filesystem::path>& files, bool typed);

/// The options that the document states, as ", name = value" of read_csv; with the types of stated
/// columns where `typed`. Throws Error(user) for options it does not know.
std::string csv_arguments(const Dialect& dialect, const model::Source& source, bool typed);

/// `select` with the source's column types cast onto it.
std::string cast_columns_sql(const Dialect& dialect, const model::Source& source,
                             const std::string& select);

}  // namespace faultline::engine
