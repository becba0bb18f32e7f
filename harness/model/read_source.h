#pragma once

#include "model/place.h"

namespace faultline::model {

/// The grammar of a node's `source`: files, or SQL that generates rows.
bool read_source(const Place& place, Source& source);

/// The format that a path's extension names, or nullopt.
std::optional<FileFormat> format_of_path(const std::string& path);

}  // namespace faultline::model
