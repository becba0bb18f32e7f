#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/dialect.h"
#include "engine/value.h"
#include "model/pipeline.h"

namespace faultline::engine {

class Connection;

/// How a CSV file was found to be written when it was first read.
struct CsvLook {
    std::string delimiter;
    std::string quote, escape, comment;  ///< empty: none
    std::uint64_t skip = 0;              ///< lines before the header
    bool header = true;
    std::string date_format, timestamp_format;  ///< empty: none was needed
    std::vector<model::ColumnSpec> columns;     ///< names and types, in the file's order
};

/// One file of a source.
struct SourceFile {
    std::filesystem::path path;
    std::string name;  ///< relative to the document's folder where it is below it, with '/'
    CsvLook csv;       ///< of csv files
};

/// The files of a source as the unperturbed run read them: what a later read is held to.
struct SourceFiles {
    std::vector<SourceFile> files;  ///< sorted by path
    /// By Source::paths: positions in `files` of those it means.
    std::vector<std::vector<std::size_t>> meant;
    Schema columns;  ///< json and parquet: as found in all files together
    Schema table;    ///< as the source was loaded
};

/// Looks at the files of a source that has just been loaded as `table` (quoted). Throws Error(user)
/// where a file cannot be understood.
SourceFiles survey_files(Connection& connection, const Dialect& dialect,
                         const model::Source& source, const std::filesystem::path& folder,
                         const std::string& table);

/// The SELECT that reads `copies` in place of the surveyed files; nullopt: that file is gone. A
/// sniffing reader guesses anew, as at the first read. A frozen one takes names, types, delimiter,
/// quote, escape, header, skipped lines and date formats from the survey, so that files which did
/// not change give the table that was loaded. Record ends are always found out. Throws Error(data),
/// as a reader would, when a path of the source means no file any more.
std::string read_copies_sql(const Dialect& dialect, const model::Source& source,
                            const SourceFiles& survey,
                            const std::vector<std::optional<std::filesystem::path>>& copies);

}  // namespace faultline::engine
