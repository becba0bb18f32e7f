#pragma once

#include "model/place.h"
#include "model/scenario.h"

namespace faultline::model {

/// The grammar of one element of `checks`: SQL that returns failing rows, or a built-in expectation
/// with the keys that belong to it.
bool read_check(const Place& place, Check& check);

}  // namespace faultline::model
