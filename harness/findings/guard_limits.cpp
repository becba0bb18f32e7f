#include "findings/guard_limits.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace faultline::findings {
namespace {

double share_that_fires(const Candidate& candidate, const std::vector<std::size_t>& trials,
                        const Margins& margins) {
    if (trials.empty()) return 0;
    std::size_t hits = 0;
    for (const std::size_t t : trials)
        if (fires(candidate, candidate.trials[t], margins)) ++hits;
    return static_cast<double>(hits) / static_cast<double>(trials.size());
}

/// Towards the nearest of what is caught on one side; where nothing is, the margin stays.
double spaced(const std::vector<std::size_t>& silent, double margin, double Excess::*side,
              const Candidate& candidate) {
    double nearest = std::numeric_limits<double>::infinity();
    for (const std::size_t t : silent) {
        const double at = candidate.trials[t].*side;
        if (at > margin) nearest = std::min(nearest, at);
    }
    return std::isfinite(nearest) ? std::min(margin + (nearest - margin) / 2, 2 * margin) : margin;
}

}  // namespace

bool fires(const Candidate& candidate, const Excess& excess, const Margins& margins) {
    if (candidate.strict) return excess.above > 0;
    return excess.below > margins.below || excess.above > margins.above;
}

Margins natural_margins(const Candidate& candidate, const std::vector<std::size_t>& parts) {
    if (candidate.strict) return {};
    Margins margins{candidate.floor, candidate.floor};
    if (parts.empty() || candidate.parts.empty()) return margins;
    if (candidate.kind == "range") {
        for (const std::size_t g : parts) {
            margins.below = std::max(margins.below, candidate.parts[g].below);
            margins.above = std::max(margins.above, candidate.parts[g].above);
        }
        return margins;
    }
    double squares = 0;
    for (const std::size_t g : parts) {
        const double moved = candidate.parts[g].below + candidate.parts[g].above;
        squares += moved * moved;
    }
    const double width = 3 * std::sqrt(squares / static_cast<double>(parts.size()));
    if (!std::isfinite(width)) return margins;
    return {std::max(margins.below, width), std::max(margins.above, width)};
}

Margins learn_margins(const Candidate& candidate, const Lessons& lessons) {
    if (candidate.strict) return {};
    Margins margins = natural_margins(candidate, lessons.parts);
    Margins wider = margins;
    for (const std::size_t t : lessons.harmless) {
        const Excess& excess = candidate.trials[t];
        if (std::isfinite(excess.below)) wider.below = std::max(wider.below, 1.1 * excess.below);
        if (std::isfinite(excess.above)) wider.above = std::max(wider.above, 1.1 * excess.above);
    }
    const auto worth = [&](const Margins& tried) {
        return share_that_fires(candidate, lessons.silent, tried) -
               share_that_fires(candidate, lessons.harmless, tried);
    };
    if (worth(wider) >= worth(margins)) margins = wider;
    margins.below = spaced(lessons.silent, margins.below, &Excess::below, candidate);
    margins.above = spaced(lessons.silent, margins.above, &Excess::above, candidate);
    return margins;
}

Margins rounded(const Candidate& candidate, const Margins& margins,
                const std::vector<std::size_t>& silent) {
    if (candidate.strict) return margins;
    const bool whole = candidate.kind == "row_count" || candidate.kind == "distinct";
    const auto catches = [&](const Margins& tried) {
        std::size_t hits = 0;
        for (const std::size_t t : silent)
            if (fires(candidate, candidate.trials[t], tried)) ++hits;
        return hits;
    };
    const double width = std::max(margins.below, margins.above);
    if (!(width > 0) || !std::isfinite(width)) return margins;
    // A tenth of the width first, then finer until nothing is lost.
    for (int digits = 1; digits <= 6; ++digits) {
        const double exponent = std::floor(std::log10(width)) - digits;
        const double scale = std::pow(10.0, -exponent);
        const auto outward = [&](double limit, bool down) {
            if (whole && exponent < 0) return down ? std::floor(limit) : std::ceil(limit);
            // Multiples of a power of ten below 1 by division, which gives the nearest double.
            return exponent < 0
                       ? (down ? std::floor(limit * scale) : std::ceil(limit * scale)) / scale
                       : (down ? std::floor(limit / std::pow(10.0, exponent))
                               : std::ceil(limit / std::pow(10.0, exponent))) *
                             std::pow(10.0, exponent);
        };
        const double low = outward(candidate.base_low - margins.below, true);
        const double high = outward(candidate.base_high + margins.above, false);
        const Margins tried{candidate.base_low - low, high - candidate.base_high};
        if (catches(tried) >= catches(margins)) return tried;
    }
    // Of whole numbers those within a limit are told apart by the last of them just as well.
    if (whole)
        return {candidate.base_low - std::ceil(candidate.base_low - margins.below),
                std::floor(candidate.base_high + margins.above) - candidate.base_high};
    return margins;
}

}  // namespace faultline::findings
