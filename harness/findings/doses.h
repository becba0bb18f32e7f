#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "journal/records.h"

namespace faultline::findings {

/// The smallest severity at which something happens: in half of the trials, for a fault that draws
/// (the median effective dose), and in its only one for one that does not. Something that happened
/// at a dose counts as having happened at all larger ones. All nullopt: not even at severity 1.
///
/// Of a fault that draws nothing [low, high] is certain: the largest dose tried at which it did not
/// happen, and the smallest at which it did. Of one that draws it is the interval of the median
/// over streams by order statistics, widened to doses that were tried; nullopt `low` or `high`: no
/// bound can be told from so few replicates, or none short of severity 1.
struct Threshold {
    std::optional<double> severity, low, high;
    std::string text;  ///< the dose in the user's units ("3.1 %"); empty: never
};

/// One severity that was tried, over its trials.
struct DosePoint {
    double severity = 0;
    std::uint64_t trials = 0;
    /// Of Doses' metric and segment, in tolerances; nullopt: no value (crashed, or vanished).
    std::optional<double> damage, low, high;
    double breached = 0,
           noticed = 0;  ///< shares of trials out of tolerance, and with a check fired
    std::string text;    ///< the severity in the user's units
};

/// What one perturbation does as its dose grows: the smallest that harms, the smallest that any
/// check notices, and the blind zone between them.
struct DoseResponse {
    std::string perturbation, node, owner, plugin;
    std::string metric;  ///< the number that leaves its tolerance first; or, of all, comes nearest
    model::Json segment;
    Threshold harmful, noticed;
    std::string noticed_by;  ///< the check that fires first; empty: none at any dose
    /// Severities at which harm goes unnoticed: from `harmful` to `noticed`, or to 1. nullopt:
    /// none.
    std::optional<std::pair<double, double>> blind;
    std::optional<double>
        crashes_from;     ///< smallest severity at which a trial crashed or timed out
    bool binary = false;  ///< on or off: thresholds are 1 or never
    /// false: some trial was within tolerance again at a larger dose than one that was not, so
    /// smaller harmful doses may lie between those tried.
    bool monotone = true;
    std::string sentence;          ///< the whole finding for a person, in units
    std::vector<DosePoint> curve;  ///< ascending severity
};

}  // namespace faultline::findings
