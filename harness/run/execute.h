#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "core/stop.h"
#include "journal/records.h"
#include "run/experiment.h"
#include "run/threads.h"

namespace faultline::run {

struct Progress {
    std::uint64_t done = 0;
    std::uint64_t total = 0;     ///< 0 while the design cannot tell
    std::uint64_t recorded = 0;  ///< of `done`: what an earlier part of the run had done
    std::string phase;           ///< "reading sources", "base run", …, "trials", "profiles"
};

struct RunOptions {
    std::filesystem::path out;  ///< the run's folder; journal.jsonl is written there
    unsigned jobs = 0;          ///< trials at once; 0: as jobs_for() says
    /// Engine threads; more than one makes the run approximate. 0: as the run that is resumed, else
    /// as threads_for() says.
    unsigned threads_per_trial = 0;
    std::uint64_t large = large_source;  ///< see threads_for()
    /// Goes on with what `out` has of this run, or begins it where it has nothing.
    bool resume = false;
    std::optional<std::chrono::milliseconds> deadline = {};  ///< instead of the scenario's
    const StopFlag* stop = nullptr;  ///< borrowed; requested: trials in flight are dropped
    const journal::FolderLock* lock = nullptr;          ///< of `out`, borrowed; null: taken here
    std::function<void(const Progress&)> progress;      ///< called from any worker, one at a time
    std::function<void(const std::string&)> note = {};  ///< sentences for people, from the caller
};

/// Runs the whole design and writes the journal. The journal's closing line says how it ended;
/// "failed" runs rethrow after writing it. Returns the journal as read back.
///
/// Resumed, it leaves a run that is complete as it is, and throws Error(user) saying what has
/// changed when the journal there was begun with anything that decides the results and is not the
/// same now: the journal is untouched then. What a resumed run comes to is what it would have come
/// to uninterrupted, to the byte: the journal's base counts, designs are asked at complete blocks,
/// and trials are planned in the same company whether they are run or recorded.
///
/// Throws Error(cancelled) when it is stopped before there is anything to record.
journal::Journal execute(const Experiment& experiment, const RunOptions& options);

/// What a plan is made from; each is what the one before it is, and more.
enum class PlanFrom {
    documents,  ///< nothing is read: sources say different things for different data
    sources,    ///< they are read, and every step is bound to their columns; none is run
    base_run,   ///< the unperturbed pipeline has run once: how long steps take, and how large
                ///< results are
};

/// What `execute` would do.
struct PlannedFactor {
    std::string id, node, plugin;
    std::uint64_t trials = 0;
    std::uint64_t nodes_run = 0, nodes_reused = 0, nodes_skipped = 0;  ///< in each of its trials
    double base_milliseconds = 0;  ///< what those nodes took in the base run
};
struct Plan {
    std::uint64_t trials = 0;
    std::uint64_t nodes_run = 0, nodes_reused = 0, nodes_skipped = 0;  ///< summed over trials
    double full_run_equivalents = 0;          ///< nodes_run / nodes of one full run
    double black_box_equivalents = 0;         ///< what a tool pays that reruns everything: trials
    std::optional<double> estimated_seconds;  ///< from the base run's times and `jobs`
    unsigned jobs = 1;
    /// Engine threads a trial, and what the largest source takes up, which decides it; nullopt
    /// where nothing was read.
    std::optional<unsigned> threads;
    std::uint64_t largest_source = 0;
    std::vector<PlannedFactor> factors;
    std::vector<std::string> unreachable;  ///< perturbations that no metric and no check can see
    std::vector<std::string> warnings;
};
/// What is not known is taken for 0: times, and the sizes of results, which are then all small
/// enough to be shared (a run that shares more than share_budget() allows will execute more).
/// Columns are known after a base run alone; without, what a fault cannot change is counted as run.
Plan make_plan(const Experiment& experiment, unsigned jobs, PlanFrom from = PlanFrom::base_run);

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
