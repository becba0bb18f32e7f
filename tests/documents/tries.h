#pragma once

#include <cstdlib>
#include <string>

namespace corpus {

/// How many documents a property is tried on, and the seed that they are drawn with: RapidCheck's
/// hundred are too few for trees of this size. Under a sanitizer, where each takes ten times as
/// long, a quarter of them; the release build tries them all.
inline void try_documents(int count, unsigned seed) {
#ifdef FAULTLINE_SANITIZED
    count /= 4;
#endif
    const std::string settings =
        "seed=" + std::to_string(seed) + " max_success=" + std::to_string(count);
    ::setenv("RC_PARAMS", settings.c_str(), 1);
}

}  // namespace corpus
