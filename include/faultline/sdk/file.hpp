#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "faultline/plugin.h"

namespace faultline::sdk {

/// One file of a source, before the engine reads it. `in` is read, never written; the damaged copy
/// goes to `out`, which is not there yet. Valid for the call.
struct File {
    explicit File(const faultline_file& raw)
        : node(raw.node),
          format(raw.format),
          in(raw.in),
          out(raw.out),
          bytes(raw.bytes),
          delimiter(text_or_empty(raw.delimiter)),
          quote(text_or_empty(raw.quote)),
          escape(text_or_empty(raw.escape)),
          header(raw.header != 0),
          skip(raw.skip),
          share(raw.share),
          exact(raw.exact != 0) {
        for (std::size_t i = 0; i < raw.column_count; ++i) columns.emplace_back(raw.columns[i]);
    }

    std::string node;
    std::string format;  ///< "csv", "json" or "parquet"
    std::filesystem::path in, out;
    std::int64_t bytes;                    ///< of the original
    std::string delimiter, quote, escape;  ///< csv: as the base read it; empty: none
    bool header;                           ///< csv: the first record names the columns
    std::int64_t skip;                     ///< csv: lines before the first record
    std::vector<std::string> columns;      ///< as the base read them
    double share;  ///< of the file's units to hit; see Hits in file_text.hpp
    bool exact;    ///< hit exactly that share

  private:
    static std::string text_or_empty(const char* text) { return text == nullptr ? "" : text; }
};

}  // namespace faultline::sdk
