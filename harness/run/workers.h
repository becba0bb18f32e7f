#pragma once

#include <functional>
#include <vector>

#include "core/stop.h"
#include "journal/records.h"
#include "run/trial_run.h"

namespace faultline::run {

/// Runs the trials of one block on several threads, each with a connection of its own, but for
/// those that are `done` (by position in `trials`). `ended` is called for each as it ends, with its
/// position, one at a time. When a trial throws, the others are left to end and the error of the
/// earliest trial is rethrown. When `stop` is requested, trials not begun are left out and those in
/// flight are dropped.
void run_block(const Experiment& experiment, const BaseRun& base, const Baseline& baseline,
               plugin::Measures& measures, const std::vector<design::Trial>& trials,
               const std::vector<bool>& done, unsigned jobs, const StopFlag* stop,
               const std::function<void(std::size_t, const journal::TrialRecord&)>& ended);

}  // namespace faultline::run
