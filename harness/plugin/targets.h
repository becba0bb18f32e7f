#pragma once

#include <vector>

#include "plugin/perturb.h"

namespace faultline::plugin {

/// Positions of the columns that the fault's `columns` choose in the relation as first received,
/// ascending, without duplicates. What does not fit goes to `problems`.
std::vector<std::size_t> targets_of(const Fault& fault, const engine::Schema& columns,
                                    std::vector<Problem>& problems);

}  // namespace faultline::plugin
