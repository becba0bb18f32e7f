#pragma once

#include <vector>

#include "findings/evidence.h"
#include "findings/result.h"

namespace faultline::findings {

/// The doses of one perturbation, ascending in severity, and what is asked of each trial.
struct DoseSeries {
    std::vector<const Dose*> doses;      ///< borrowed
    std::vector<std::uint64_t> streams;  ///< replicates that were tried at every dose, ascending
    bool deterministic = false;
};

/// Nothing where no replicate was tried at every dose.
DoseSeries dose_series(const Evidence& evidence, std::size_t perturbation);

using Happened = bool (*)(const journal::TrialRecord&);

/// The threshold of what happened, without its text. See Threshold for what it means.
Threshold threshold_of(const DoseSeries& series, Happened happened, double confidence);

/// Did it, once it had happened under some stream, happen under it at every larger dose?
bool is_monotone(const DoseSeries& series, Happened happened);

}  // namespace faultline::findings
