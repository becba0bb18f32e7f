#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/stop.h"
#include "journal/records.h"
#include "run/base_run.h"

namespace faultline::run {

/// Trials worth looking into, by number: of every perturbation alone up to `most` silent ones,
/// half as many harmless ones (absorbed, false alarms) and one that a check noticed; of those with
/// several faults at once the same number for all of them together. Evenly spread over severities
/// and replicates. A pure function of the records, in whatever order they come; holds 16 bytes of
/// each.
class TrialsToProfile {
  public:
    void consider(const journal::TrialRecord& trial);
    [[nodiscard]] std::vector<std::uint64_t> chosen(std::size_t most) const;

  private:
    enum class Kind { silent, harmless, noticed, other };
    static Kind kind_of(journal::Outcome outcome);
    /// By perturbation ("": several), and severity (of several: 0) and number.
    std::map<std::pair<std::string, Kind>, std::vector<std::pair<double, std::uint64_t>>> groups_;
};

/// The second pass over a run whose design is done: profiles the base, the pipeline without one
/// part of its data at a time, and a bounded number of trials, which are run again node by node.
/// Ordinary trials pay nothing for it. One profile line each, appended as it ends; what the journal
/// in `folder` has already is not done again; the trials are chosen in a pass over it.
/// Deterministic but for the order of the lines.
///
/// Bounded by the scenario's `profile` (trials a perturbation), and by the bytes that would be
/// looked at: 4 GiB of node results in all.
///
/// Throws Error for the harness's own failures. When `stop` is requested it returns early.
struct ProfilePass {
    unsigned jobs = 1;
    const StopFlag* stop = nullptr;
    std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};
void profile_run(const Experiment& experiment, const BaseRun& base,
                 const std::filesystem::path& folder, const ProfilePass& options,
                 journal::Writer& writer);

}  // namespace faultline::run
