#pragma once

#include "run/base_run.h"
#include "run/trial_run.h"

namespace faultline::run {

/// Arranges what the base answered, with its noise floor: `again` is the same pipeline run in
/// another engine, with another number of threads and another row order; a metric that differs
/// between the two moves without any perturbation, by that much at least. Differences that mere
/// rounding explains (a relative 2^-40, for sums in another order) are none. Throws Error(user) for
/// a tolerance in units of a floor that is zero.
Baseline make_baseline(const Experiment& experiment, const BaseRun& base, const BaseRun& again);

}  // namespace faultline::run
