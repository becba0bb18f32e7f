#pragma once

#include <functional>
#include <vector>

#include "run/experiment.h"

namespace faultline::run {

// The time of an output is that of the longest way to it: every node begins when the last of its
// inputs is there, as in a scheduler with free slots, and takes as long as it took when it was
// executed: in this trial, or, where its result was reused, in the unperturbed run. So it does not
// depend on what else the harness does beside, and a node that is slow counts as far as somebody
// has to wait for it.

/// A metric of this scenario is a measured time.
bool measures_time(const Experiment& experiment);

/// Nodes whose time some measured metric sees: the metrics' outputs and their ancestors. They are
/// executed by themselves, so that their time is their own, and anew in each trial, so that it is
/// measured in each.
std::vector<bool> timed_nodes(const Experiment& experiment);

/// When `output` is there, in milliseconds from the beginning, with the time of each node alone.
double milliseconds_until(const Experiment& experiment, graph::NodeIndex output,
                          const std::function<double(graph::NodeIndex)>& alone);

/// Trials at once: what the user stated; else one for each core, or, where time is measured, one,
/// as the unperturbed run has the machine to itself as well.
unsigned jobs_for(const Experiment& experiment, unsigned stated);

}  // namespace faultline::run
