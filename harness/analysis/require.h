#pragma once

#include <fmt/format.h>

#include "core/error.h"

namespace faultline::analysis {

/// These come from people as well as from the harness (`faultline analyze`), hence kind `user`.
inline void require_confidence(double confidence) {
    if (!(confidence > 0 && confidence < 1))
        throw Error(
            ErrorKind::user,
            fmt::format("found a confidence of {}, expected a number between 0 and 1", confidence));
}

/// A caller whose columns do not match has mixed up its outputs: no estimate could be trusted.
inline void require_same_length(const char* what, long found, long expected) {
    if (found != expected)
        throw Error(ErrorKind::internal,
                    fmt::format("{} has {} entries for {} outputs", what, found, expected));
}

}  // namespace faultline::analysis
