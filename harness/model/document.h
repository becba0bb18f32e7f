#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "model/pipeline.h"
#include "model/problems.h"

namespace faultline::model {

/// What a document may be at most. Documents are written by people and small generators; these
/// bounds keep a hostile one from exhausting memory or the stack (values are destroyed
/// recursively).
inline constexpr std::size_t most_document_bytes = 64u << 20;
inline constexpr std::size_t most_document_depth = 64;
inline constexpr std::size_t most_document_values = 1000000;

/// The file's bytes. Throws Error with one problem: missing, a directory, unreadable, empty, too
/// large.
std::string read_document(const std::filesystem::path& file);

/// JSON in UTF-8, comments (`//` and `/* */`) and a byte-order mark allowed. What makes the text
/// unreadable (encoding, syntax, a bound above) is added to `problems` and thrown at once, with
/// line and column counted from 1, columns in characters. Keys that stand twice in an object and
/// text holding U+0000 are added to `problems` and reading goes on; the first of the two values is
/// kept.
Json parse_document(const std::string& text, Problems& problems);

}  // namespace faultline::model
