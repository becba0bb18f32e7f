#pragma once

#include "analysis/estimate.h"
#include "findings/evidence.h"

namespace faultline::findings {

/// A series that trials of one dose have and the base has not.
struct NewSeries {
    journal::Series series;
    std::int64_t trials = 0;
};

/// All that is estimated for one dose. Arrays run over the reached series, in their order.
struct DoseEstimates {
    const Dose* dose = nullptr;  ///< borrowed from Evidence
    analysis::Estimates effect, damage;
    Eigen::Array<std::int64_t, Eigen::Dynamic, 1> lost;  ///< trials in which the series vanished
    Eigen::Array<std::int64_t, Eigen::Dynamic, 1>
        appeared;                  ///< … in which it had a number, the base none
    std::vector<NewSeries> fresh;  ///< segments that the base does not list
    std::int64_t crashed = 0;      ///< trials that crashed or timed out

    [[nodiscard]] bool lost_or_new() const {
        return (lost > 0).any() || (appeared > 0).any() || !fresh.empty();
    }
};

/// One call of each estimator for a dose, over all its series at once.
std::vector<DoseEstimates> estimate_all(const Evidence& evidence);

/// A share of a dose's trials; exact where the fault is deterministic.
analysis::Rate rate_of(const Evidence& evidence, const Dose& dose, std::int64_t hits,
                       std::int64_t trials);

}  // namespace faultline::findings
