#pragma once

#include <cstddef>
#include <string>

#include "core/shared_array.h"

namespace faultline {

/// Ids by the places where they are kept (core/kept_text.h), so that equal ids are equal pointers.
using SharedIds = SharedArray<const std::string*>;

/// An array of these. A thread that made the same one a little earlier gets that: most trials of a
/// run are about the same ids.
SharedIds shared_ids(const std::string* const* ids, std::size_t count);

/// Of ids in ascending order: the first that is not below this one.
std::size_t place_of(const SharedIds& ids, const std::string& id);

}  // namespace faultline
