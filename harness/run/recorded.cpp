#include "run/recorded.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"

namespace faultline::run {
namespace {

[[noreturn]] void refuse_trial(std::uint64_t number, const char* why) {
    throw Error(ErrorKind::user,
                fmt::format("cannot resume: trial {} of the journal {}, so this build is not the "
                            "one that began the run",
                            number, why));
}

}  // namespace

Recorded::Recorded(std::vector<journal::TrialRecord> trials)
    : trials_(std::move(trials)), taken_(trials_.size(), false), left_(trials_.size()) {}

std::optional<journal::TrialRecord> Recorded::take(const design::Trial& trial) {
    const auto found = std::lower_bound(
        trials_.begin(), trials_.end(), trial.number,
        [](const journal::TrialRecord& record, std::uint64_t n) { return record.number < n; });
    const auto place = static_cast<std::size_t>(found - trials_.begin());
    if (found == trials_.end() || found->number != trial.number || taken_[place])
        return std::nullopt;
    if (found->block != trial.block || found->replicate != trial.replicate ||
        found->severities != trial.severities)
        refuse_trial(trial.number, "is not what the design asks for");
    taken_[place] = true;
    journal::TrialRecord out = std::move(*found);
    if (--left_ == 0) {
        trials_ = {};
        taken_ = {};
    }
    return out;
}

void Recorded::require_all_taken() const {
    const auto first = std::find(taken_.begin(), taken_.end(), false);
    if (first == taken_.end()) return;
    refuse_trial(trials_[static_cast<std::size_t>(first - taken_.begin())].number,
                 "is one that the design never asks for");
}

}  // namespace faultline::run
