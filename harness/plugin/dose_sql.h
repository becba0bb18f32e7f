#pragma once

#include <string>

#include "plugin/selection_sql.h"

namespace faultline::plugin {

/// How much of the severity each row of a keyed site gets under the fault's `along`, which must be
/// stated: SQL of a DOUBLE in [0, 1], never NULL; 0 where the column is NULL or not finite. The
/// shapes' formulas are in docs/perturbations.md. Asks for the column's smallest and largest value
/// once. Throws Error(user) for a `start` or `end` that the column cannot hold, and where the end
/// does not come after the start.
std::string dose_sql(const SelectionContext& context, const Fault& fault);

}  // namespace faultline::plugin
