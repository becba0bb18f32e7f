#pragma once

#include <optional>
#include <string>
#include <vector>

#include "journal/records.h"

namespace faultline::findings {

/// How far one node's rows are from the base's in the trials of one perturbation. Changes are
/// standardised so that columns and nodes compare: of a mean, a quantile or a standard deviation in
/// standard deviations of the column in the base (of a date in spans from first to last); of a
/// number of rows or of different values as a share of the base's; of empty, unknown, orphaned or
/// repeated values as a share of rows; a column that is gone or has another type is 1. Extremes are
/// left out: one row would outweigh all others.
struct Station {
    std::string node;
    std::size_t distance = 0;  ///< edges from the perturbed node, by the shortest way
    /// Largest standardised change among what is profiled of it, mean over trials. 0: as in the
    /// base.
    double change = 0;
    std::string what;              ///< which statistic that is: "mean of price +12 %"
    double differs = 0;            ///< share of trials in which it differs from the base at all
    std::optional<double> damage;  ///< an output's: the worst of its metrics, in tolerances
};

/// The way of one perturbation through the pipeline.
struct Travel {
    std::string perturbation, node;
    std::vector<Station> stations;          ///< in the pipeline's order, from the perturbed node on
    std::vector<std::string> absorbed_at;   ///< first nodes whose rows no longer differ
    std::vector<std::string> amplified_at;  ///< where the change grows the most over its inputs
};

/// What an edge carries, over all perturbations above it: the worst change of what is handed on.
struct EdgeDamage {
    std::string from, to;
    std::optional<double> change;  ///< nullopt: no fault reaches it, or nothing was profiled
    std::string worst_perturbation;
};

}  // namespace faultline::findings
