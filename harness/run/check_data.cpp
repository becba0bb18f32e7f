#include "run/base_run.h"
#include "run/experiment.h"

namespace faultline::run {

void check_with_data(const Experiment& experiment) {
    // Reading the sources and binding against them is the first half of a base run; no step runs.
    const BaseRun bound(experiment, BaseOptions{});
}

}  // namespace faultline::run
