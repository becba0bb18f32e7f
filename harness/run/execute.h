#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>

#include "core/stop.h"
#include "journal/records.h"
#include "run/experiment.h"

namespace faultline::run {

struct Progress {
    std::uint64_t done = 0;
    std::uint64_t total = 0;  ///< 0 while the design cannot tell
    std::string phase;        ///< "reading sources", "base run", "trials", "profiles"
};

struct RunOptions {
    std::filesystem::path out;       ///< the run's folder; journal.jsonl is written there
    unsigned jobs = 0;               ///< trials at once; 0: one a core
    unsigned threads_per_trial = 1;  ///< engine threads; more than one makes the run approximate
    const StopFlag* stop = nullptr;  ///< borrowed; requested: trials in flight are dropped
    std::function<void(const Progress&)> progress;  ///< called from any worker, one at a time
};

/// Runs the whole design and writes the journal. The journal's closing line says how it ended;
/// "failed" runs rethrow after writing it. Returns the journal as read back.
journal::Journal execute(const Experiment& experiment, const RunOptions& options);

/// What `execute` would do, from the graph alone and one timed base run.
struct PlannedFactor {
    std::string id, node, plugin;
    std::uint64_t trials = 0;
    std::uint64_t nodes_run = 0, nodes_reused = 0, nodes_skipped = 0;  ///< in each of its trials
    double base_milliseconds = 0;  ///< what those nodes took in the base run
};
struct Plan {
    std::uint64_t trials = 0;
    std::uint64_t nodes_run = 0, nodes_reused = 0, nodes_skipped = 0;  ///< summed over trials
    double full_run_equivalents = 0;   ///< nodes_run / nodes of one full run
    double black_box_equivalents = 0;  ///< what a tool pays that reruns everything: trials
    double estimated_seconds = 0;      ///< from the base run's times and `jobs`
    unsigned jobs = 1;
    std::vector<PlannedFactor> factors;
    std::vector<std::string> unreachable;  ///< perturbations that no metric and no check can see
    std::vector<std::string> warnings;
};
Plan make_plan(const Experiment& experiment, unsigned jobs);

/// Runs one trial of a finished or unfinished run again and writes what it saw into `to` (created;
/// Error(user) when it exists and is not empty): perturbed/<node>.csv and base/<node>.csv for each
/// perturbed relation, perturbed_files/<node>/… and base_files/<node>/… for
/// each file of a source that was damaged (the first is not there for a file that is gone),
/// commands/<node>/… for each program that ran: its files, what it wrote and how it ended;
/// outputs/<node>.csv and base_outputs/<node>.csv, trial.sql, trial.json.
/// Returns the paths written, relative to `to`.
std::vector<std::string> replay(const Experiment& experiment, const journal::Journal& journal,
                                std::uint64_t trial, const std::filesystem::path& to);

}  // namespace faultline::run
