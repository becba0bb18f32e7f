#pragma once

#include "core/id_map.h"

namespace faultline {

/// The severities of one trial by perturbation. Equal where ids and numbers are.
using Severities = IdMap<double>;

}  // namespace faultline
