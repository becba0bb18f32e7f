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

Recorded::Recorded(std::vector<journal::TrialRecord> trials) {
    by_number_.reserve(trials.size());
    for (auto& trial : trials) {
        const std::uint64_t number = trial.number;
        by_number_.emplace(number, std::move(trial));
    }
}

std::optional<journal::TrialRecord> Recorded::take(const design::Trial& trial) {
    auto found = by_number_.extract(trial.number);
    if (found.empty()) return std::nullopt;
    const journal::TrialRecord& record = found.mapped();
    if (record.block != trial.block || record.replicate != trial.replicate ||
        record.severities != trial.severities)
        refuse_trial(trial.number, "is not what the design asks for");
    return std::move(found.mapped());
}

void Recorded::require_all_taken() const {
    if (by_number_.empty()) return;
    const auto first =
        std::min_element(by_number_.begin(), by_number_.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
    refuse_trial(first->first, "is one that the design never asks for");
}

}  // namespace faultline::run
