#include "findings/warnings.h"

#include <fmt/format.h>

#include <algorithm>

#include "findings/tallies.h"
#include "findings/wording.h"

namespace faultline::findings {
namespace {

/// A tolerance of zero is nearly always one that is relative to a base of zero.
void warn_of_zero_tolerances(const Evidence& evidence, std::vector<std::string>& warnings) {
    for (const auto& metric : evidence.scenario.metrics) {
        std::int64_t strict = 0;
        const journal::Series* first = nullptr;
        for (std::size_t s = 0; s < evidence.series.size(); ++s) {
            const auto at = static_cast<Eigen::Index>(s);
            if (evidence.series[s].metric != metric.id || evidence.base(at) != 0 ||
                evidence.tolerance(at) != 0)
                continue;
            if (first == nullptr) first = &evidence.series[s];
            ++strict;
        }
        if (first != nullptr && metric.tolerance.relative.value_or(0) > 0)
            warnings.push_back(fmt::format(
                "{}{} is 0 in the base, so its relative tolerance allows no change at all; "
                "state an absolute one beside it",
                series_name(*first), and_more(strict - 1)));
    }
}

void warn_of_idle_doses(const Evidence& evidence, std::vector<std::string>& warnings) {
    for (const auto& dose : evidence.doses) {
        const auto idle = std::count_if(
            dose.trials.begin(), dose.trials.end(),
            [](const auto* trial) { return trial->outcome == journal::Outcome::not_applied; });
        if (idle > 0 && dose.severity < 1)
            warnings.push_back(fmt::format("{} changed nothing in {}", dose_name(evidence, dose),
                                           of(idle, dose.trials.size())));
    }
}

}  // namespace

std::vector<std::string> warnings_of(const Evidence& evidence) {
    std::vector<std::string> warnings = evidence.journal.header.warnings;
    for (const auto& check : check_results(evidence))
        if (check.fired_in_base)
            warnings.push_back(
                fmt::format("the check {} on {} fires without any fault; it can tell nothing",
                            check.id, check.node));
    if (evidence.journal.base)
        for (const auto& function : evidence.journal.base->unpinned)
            warnings.push_back(function + " changes from run to run by itself and is not pinned");
    warn_of_zero_tolerances(evidence, warnings);
    warn_of_idle_doses(evidence, warnings);
    if (evidence.journal.closing && !evidence.journal.closing->message.empty())
        warnings.push_back(evidence.journal.closing->message);
    return warnings;
}

}  // namespace faultline::findings
