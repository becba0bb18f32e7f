#pragma once

#include <string>

#include "core/error.h"
#include "faultline/arrow.h"

namespace faultline::engine {

/// Throws Error(plugin). `path` is the column, its parents before it with dots; empty for the rows.
[[noreturn]] inline void malformed(const std::string& path, const std::string& what) {
    throw Error(ErrorKind::plugin,
                "malformed Arrow data" + (path.empty() ? "" : " in column " + path) + ": " + what);
}

inline std::string below(const std::string& path, const ArrowSchema& child) {
    return (path.empty() ? "" : path + ".") + (child.name == nullptr ? "" : child.name);
}

}  // namespace faultline::engine
