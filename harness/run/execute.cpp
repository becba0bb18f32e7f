#include "run/execute.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "run/baseline.h"
#include "run/deadline.h"
#include "run/identity.h"
#include "run/latency.h"
#include "run/profile_pass.h"
#include "run/recorded.h"
#include "run/workers.h"

namespace faultline::run {
namespace {

constexpr const char* deadline_passed = "the deadline of the run passed";

/// The engines' own folder below the run's, empty at first whatever a run that was killed has left
/// there; gone with this object.
class Scratch {
  public:
    explicit Scratch(const std::filesystem::path& out) : folder_(out / "scratch") { remove(); }
    ~Scratch() { remove(); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    [[nodiscard]] std::filesystem::path folder(const char* name) const { return folder_ / name; }

  private:
    void remove() const {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    std::filesystem::path folder_;
};

/// What the folder has of this very run. Throws Error(user) where it has another one.
std::optional<journal::Journal> begun(const RunOptions& options, const journal::Header& now) {
    if (!options.resume) return std::nullopt;
    auto before = journal::read_if_begun(options.out);
    if (!before) return std::nullopt;
    journal::Header as_asked = now;
    if (options.threads_per_trial == 0)
        // Not stated is no change: the run goes on with what it chose.
        as_asked = with_threads(as_asked, before->header.threads_per_trial);
    const auto changes = changes_between(before->header, as_asked);
    if (!changes.empty())
        throw Error(ErrorKind::user,
                    fmt::format("cannot resume the run in {}, which was begun with something else; "
                                "its journal is left as it is\n  {}",
                                options.out.string(), fmt::join(changes, "\n  ")));
    return before;
}

/// Trials at once.
unsigned jobs_of(const Experiment& experiment, const RunOptions& options, unsigned threads) {
    const unsigned wanted = jobs_for(experiment, options.jobs);
    return options.jobs > 0 ? wanted : std::min(wanted, jobs_beside(threads));
}

design::History empty_history(const Baseline& baseline) {
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    design::History history;
    for (std::size_t s = 0; s < baseline.record.values.size(); ++s) {
        history.base.push_back(baseline.record.values[s].value_or(unknown));
        history.tolerance.push_back(baseline.tolerances[s].value_or(unknown));
    }
    return history;
}

/// Runs blocks until the design is done (true) or a stop is requested; what is recorded is not run
/// again.
bool run_design(const Experiment& experiment, const BaseRun& base, const Baseline& baseline,
                const RunOptions& options, Deadline& deadline, Recorded& recorded,
                journal::Writer& writer) {
    const StopFlag& stop = deadline.flag();
    const auto design = design::make_design(experiment.scenario.design, experiment.factors,
                                            experiment.scenario.file.string());
    plugin::Measures measures;
    design::History history = empty_history(baseline);
    Progress progress;
    progress.phase = "trials";
    progress.total = design->size().value_or(0);
    const unsigned jobs = jobs_of(experiment, options, base.threads());
    for (;;) {
        const std::vector<design::Trial> block = design->next(history);
        if (block.empty()) {
            recorded.require_all_taken();
            return true;
        }
        if (stop.requested()) return false;
        progress.total = std::max<std::uint64_t>(progress.total, progress.done + block.size());
        const std::size_t before = history.trials.size();
        // A design that knew how many trials it has, and has handed out all, looks at no results:
        // nothing of them is kept here.
        const bool looked_at = before > 0 || design->size() != block.size();
        if (looked_at) history.trials.resize(before + block.size());
        std::vector<bool> done(block.size(), false);
        std::size_t finished = 0;
        const auto keep = [&](std::size_t i, const journal::TrialRecord& record) {
            if (looked_at)
                history.trials[before + i] = {block[i], journal::name_of(record.outcome),
                                              record.values};
            ++finished;
            ++progress.done;
        };
        for (std::size_t i = 0; i < block.size(); ++i)
            if (const auto record = recorded.take(block[i])) {
                keep(i, *record);
                ++progress.recorded;
                done[i] = true;
            }
        if (finished > 0 && options.progress) options.progress(progress);
        run_block(experiment, base, baseline, measures, block, done, jobs, &stop,
                  [&](std::size_t i, const journal::TrialRecord& record) {
                      writer.append(record);
                      keep(i, record);
                      if (options.progress) options.progress(progress);
                      deadline.look();
                  });
        if (finished < block.size()) return false;
        if (!looked_at) {
            recorded.require_all_taken();
            return true;
        }
    }
}

/// A stop that came before any trial was run: what an earlier part of the run has recorded is all
/// there is to tell.
journal::Journal stopped_early(std::optional<journal::Journal> before, const Deadline& deadline,
                               const std::string& phase) {
    const std::string what =
        fmt::format("{} ({})", deadline.passed() ? deadline_passed : "interrupted", phase);
    if (!before) throw Error(ErrorKind::cancelled, what + "; no trial has been run");
    before->closing = journal::Closing{"interrupted", deadline.passed() ? deadline_passed : ""};
    return std::move(*before);
}

}  // namespace

journal::Journal execute(const Experiment& experiment, const RunOptions& options) {
    Deadline deadline(options.stop,
                      options.deadline ? options.deadline : experiment.scenario.limits.deadline);
    std::string phase;
    const auto say = [&](const char* now) {
        phase = now;
        if (options.progress) options.progress({0, 0, 0, phase});
    };
    std::unique_ptr<journal::FolderLock> own;
    if (options.lock == nullptr) own = std::make_unique<journal::FolderLock>(options.out);
    const journal::FolderLock& lock = own != nullptr ? *own : *options.lock;

    say("reading sources");
    std::vector<std::string> sources;
    std::optional<journal::Journal> before;
    {
        const auto engine = engine::open_duckdb({});
        sources = address_sources(experiment, *engine, &deadline.flag());
        const auto header =
            make_header(experiment, *engine, sources, options.threads_per_trial, options.jobs);
        before = begun(options, header);
    }
    const auto note = [&](const std::string& what) {
        if (options.note) options.note(what);
    };
    if (before && before->closing && before->closing->status == "completed") {
        note(fmt::format("the run in {} is complete: nothing is run, it is reported again",
                         options.out.string()));
        return std::move(*before);
    }
    if (before)
        note(fmt::format("going on with the run in {}: {} of its trials {} recorded",
                         options.out.string(), before->trials.size(),
                         before->trials.size() == 1 ? "is" : "are"));
    else if (options.resume)
        note(fmt::format("no run has begun in {}: it begins now", options.out.string()));
    unsigned threads = options.threads_per_trial;
    if (threads == 0 && before) threads = before->header.threads_per_trial;

    const Scratch scratch(options.out);
    std::unique_ptr<BaseRun> base;
    Baseline baseline;
    try {
        BaseOptions wanted;
        wanted.threads = threads;
        wanted.scratch = scratch.folder("base");
        wanted.stop = &deadline.flag();
        wanted.sources = sources;
        wanted.large = options.large;
        base = std::make_unique<BaseRun>(experiment, wanted);
        if (threads == 0 && base->threads() > 1)
            note(fmt::format(
                "a source of about {:.1f} GiB: each trial has {} threads, and the "
                "result is approximate; --threads-per-trial 1 asks for the same bits "
                "every time",
                std::ldexp(static_cast<double>(base->largest_source()), -30), base->threads()));
        threads = base->threads();
        say("base run");
        base->run();
        if (before && before->base) {
            baseline = recall_baseline(experiment, *base, *before->base);
        } else {
            say("noise floor");
            wanted.threads = threads + 1;
            wanted.scratch = scratch.folder("floor");
            wanted.other_order = true;
            BaseRun again(experiment, wanted);
            again.run();
            baseline = make_baseline(experiment, *base, again);
        }
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::cancelled || !deadline.flag().requested()) throw;
        return stopped_early(std::move(before), deadline, phase);
    }
    // Only now is there something to record: what was wrong with the input has left no trace.
    std::optional<journal::Writer> writer;
    if (before) {
        writer.emplace(lock, before->whole_bytes);
    } else {
        // A journal that was cut off in its first line has nothing in it.
        if (options.resume && std::filesystem::exists(options.out / "journal.jsonl"))
            writer.emplace(lock, 0);
        else
            writer.emplace(lock);
        writer->append(make_header(experiment, base->engine(), sources, threads, options.jobs));
    }
    if (!before || !before->base) writer->append(baseline.record);
    Recorded recorded(before ? std::move(before->trials) : std::vector<journal::TrialRecord>());
    bool completed = false;
    try {
        completed = run_design(experiment, *base, baseline, options, deadline, recorded, *writer);
        if (completed && experiment.scenario.profile > 0) {
            profile_run(experiment, *base, options.out,
                        {jobs_of(experiment, options, threads), &deadline.flag(),
                         [&](std::uint64_t done, std::uint64_t total) {
                             if (options.progress) options.progress({done, total, 0, "profiles"});
                             deadline.look();
                         }},
                        *writer);
            completed = !deadline.flag().requested();
        }
    } catch (const Error& error) {
        try {
            writer->append(journal::Closing{"failed", error.what()});
        } catch (const Error&) {
            // A disk that is full has no room for this line either; what went wrong is said below.
        }
        throw;
    }
    writer->append(journal::Closing{completed ? "completed" : "interrupted",
                                    !completed && deadline.passed() ? deadline_passed : ""});
    writer.reset();
    // What the trials needed goes before what tells of them comes.
    recorded = Recorded({});
    base.reset();
    return journal::read(options.out);
}

}  // namespace faultline::run
