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

/// The baseline that an earlier part of the run has recorded, which the trials it recorded were
/// held against. Throws Error(user) when what `base` answers now is not that, but for what rounding
/// or the recorded noise floor explains: trials held against two bases are not comparable.
Baseline recall_baseline(const Experiment& experiment, const BaseRun& base,
                         const journal::Base& record);

}  // namespace faultline::run
