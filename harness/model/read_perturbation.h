#pragma once

#include "model/place.h"
#include "model/scenario.h"

namespace faultline::model {

/// The grammar of one element of `perturbations`. What `params` may hold is the plugin's to say.
bool read_perturbation(const Place& place, Perturbation& perturbation);

/// The grammar of one element of `metrics`.
bool read_metric(const Place& place, Metric& metric);

}  // namespace faultline::model
