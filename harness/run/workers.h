#pragma once

#include <functional>
#include <vector>

#include "core/stop.h"
#include "journal/records.h"
#include "run/trial_run.h"

namespace faultline::run {

/// Runs the trials of one block on several threads, each with a connection of its own. The records
/// come back in the order of `trials`, whatever order they ended in; `ended` is called for each as
/// it ends, one at a time. When a trial throws, the others are left to end and the error of the
/// earliest trial is rethrown. Trials not begun when `stop` is requested are missing from the
/// answer.
std::vector<journal::TrialRecord> run_block(
    const Experiment& experiment, const BaseRun& base, const Baseline& baseline,
    plugin::Measures& measures, const std::vector<design::Trial>& trials, unsigned jobs,
    const StopFlag* stop, const std::function<void(const journal::TrialRecord&)>& ended);

}  // namespace faultline::run
