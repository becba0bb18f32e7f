#include "run/execute.h"

#include <atomic>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <thread>

#include "core/digest.h"
#include "core/error.h"
#include "core/version.h"
#include "run/baseline.h"
#include "run/fault_facts.h"
#include "run/latency.h"
#include "run/profile_pass.h"
#include "run/workers.h"

namespace faultline::run {
namespace {

journal::Json versions_of(const Experiment& experiment, const engine::SqlEngine& engine) {
    journal::Json versions;
    versions["faultline"] = version;
    versions["engine"] = engine.version();
    journal::Json plugins = journal::Json::object();
    std::map<std::string, std::string> sorted;
    for (const auto& fault : experiment.faults)
        sorted[fault.plugin().about().name] = fault.plugin().about().version;
    for (const auto& [name, plugin_version] : sorted) plugins[name] = plugin_version;
    versions["plugins"] = plugins;
    return versions;
}

journal::Json edges_of(const Workflow& workflow) {
    journal::Json edges = journal::Json::array();
    for (NodeIndex node = 0; node < workflow.dag.size(); ++node)
        for (const NodeIndex input : workflow.dag.inputs(node))
            edges.push_back(
                {workflow.pipeline.nodes[input].name, workflow.pipeline.nodes[node].name});
    return edges;
}

/// Everything that decides the results, in one address: documents, data, versions, seed.
std::string fingerprint_of(const Experiment& experiment, const BaseRun& base,
                           const journal::Json& versions) {
    Digest digest;
    digest.add(experiment.scenario.document.dump())
        .add(experiment.workflow.pipeline.document.dump());
    digest.add(versions.dump()).add(experiment.scenario.seed);
    for (const auto& address : base.source_addresses()) digest.add(address);
    for (const auto& fault : experiment.faults) digest.add(fault.plugin().digest());
    return digest.hex();
}

journal::Header header_of(const Experiment& experiment, const BaseRun& base,
                          const RunOptions& options) {
    journal::Header header;
    header.scenario = experiment.scenario.document;
    header.pipeline = experiment.workflow.pipeline.document;
    header.scenario_path = experiment.scenario.file.string();
    header.pipeline_path = experiment.workflow.pipeline.file.string();
    header.seed = experiment.scenario.seed;
    header.approximate = options.threads_per_trial > 1;
    header.versions = versions_of(experiment, base.engine());
    header.fingerprint = fingerprint_of(experiment, base, header.versions);
    header.warnings = experiment.warnings;
    if (measures_time(experiment) && options.jobs > 1)
        header.warnings.push_back(
            "time is measured while several trials run at once, and in the "
            "unperturbed run while none does; one job measures both alike");
    header.edges = edges_of(experiment.workflow);
    for (const auto& factor : experiment.factors)
        if (!factor.draws) header.deterministic.push_back(factor.id);
    for (const auto& factor : experiment.factors)
        if (factor.binary) header.binary.push_back(factor.id);
    header.faults = fault_facts(experiment);
    for (const auto& check : experiment.checks)
        for (const NodeIndex node : check.reads)
            header.check_reads[check.id].push_back(experiment.workflow.pipeline.nodes[node].name);
    return header;
}

/// Requests a stop when the run's deadline passes, or when the caller's flag is set: workers watch
/// one flag only. Its thread ends with it.
class Deadline {
  public:
    Deadline(const StopFlag* caller, std::optional<std::chrono::milliseconds> allowed)
        : caller_(caller), allowed_(allowed) {
        thread_ = std::thread([this] { watch(); });
    }
    ~Deadline() {
        {
            const std::lock_guard lock(mutex_);
            ended_ = true;
        }
        wake_.notify_all();
        thread_.join();
    }
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;
    [[nodiscard]] const StopFlag& flag() const { return flag_; }
    [[nodiscard]] bool passed() const { return passed_.load(); }
    /// Looks at the caller's flag now, so that a stop asked for between two trials is obeyed before
    /// the next one however short trials are.
    void look() {
        if (caller_ != nullptr && caller_->requested()) flag_.request();
    }

  private:
    void watch() {
        const auto start = std::chrono::steady_clock::now();
        std::unique_lock lock(mutex_);
        while (!ended_) {
            if (caller_ != nullptr && caller_->requested()) {
                flag_.request();
                return;
            }
            if (allowed_ && std::chrono::steady_clock::now() - start >= *allowed_) {
                passed_.store(true);
                flag_.request();
                return;
            }
            // A signal handler can set the caller's flag but notify nobody, so it is looked at.
            wake_.wait_for(lock, std::chrono::milliseconds(20));
        }
    }

    const StopFlag* caller_;
    std::optional<std::chrono::milliseconds> allowed_;
    StopFlag flag_;
    std::atomic<bool> passed_{false};
    std::mutex mutex_;
    std::condition_variable wake_;
    bool ended_ = false;
    std::thread thread_;
};

/// The engines' own folder below the run's; gone with the run, and the run's with it if it stayed
/// empty.
class Scratch {
  public:
    explicit Scratch(std::filesystem::path out) : out_(std::move(out)) {}
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(out_ / "scratch", ignored);
        std::filesystem::remove(out_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    [[nodiscard]] std::filesystem::path folder(const char* name) const {
        return out_ / "scratch" / name;
    }

  private:
    std::filesystem::path out_;
};

/// Runs blocks until the design is done or a stop is requested.
void run_design(const Experiment& experiment, const BaseRun& base, const Baseline& baseline,
                const RunOptions& options, Deadline& deadline, journal::Writer& writer) {
    const StopFlag& stop = deadline.flag();
    const auto design = design::make_design(experiment.scenario.design, experiment.factors,
                                            experiment.scenario.file.string());
    plugin::Measures measures;
    design::History history;
    for (std::size_t s = 0; s < baseline.record.values.size(); ++s) {
        constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
        history.base.push_back(baseline.record.values[s].value_or(unknown));
        history.tolerance.push_back(baseline.tolerances[s].value_or(unknown));
    }
    Progress progress;
    progress.phase = "trials";
    progress.total = design->size().value_or(0);
    const unsigned jobs = jobs_for(experiment, options.jobs);
    for (;;) {
        const std::vector<design::Trial> block = design->next(history);
        if (block.empty() || stop.requested()) return;
        progress.total = std::max<std::uint64_t>(progress.total, progress.done + block.size());
        const auto records = run_block(experiment, base, baseline, measures, block, jobs, &stop,
                                       [&](const journal::TrialRecord& record) {
                                           writer.append(record);
                                           ++progress.done;
                                           if (options.progress) options.progress(progress);
                                           deadline.look();
                                       });
        if (stop.requested() && records.size() < block.size()) return;
        for (std::size_t i = 0; i < records.size(); ++i)
            history.trials.push_back(
                {block[i], journal::name_of(records[i].outcome), records[i].values});
    }
}

}  // namespace

journal::Journal execute(const Experiment& experiment, const RunOptions& options) {
    const auto say = [&](const char* phase) {
        if (options.progress) options.progress({0, 0, phase});
    };
    Deadline deadline(options.stop, experiment.scenario.limits.deadline);
    const Scratch scratch(options.out);
    say("reading sources");
    BaseRun base(experiment,
                 {options.threads_per_trial, scratch.folder("base"), false, &deadline.flag()});
    say("base run");
    base.run();
    say("noise floor");
    Baseline baseline;
    {
        BaseRun again(experiment, {options.threads_per_trial + 1, scratch.folder("floor"), true,
                                   &deadline.flag()});
        again.run();
        baseline = make_baseline(experiment, base, again);
    }
    // Only now is there something to record: what was wrong with the input has left no trace.
    journal::Writer writer(options.out);
    writer.append(header_of(experiment, base, options));
    writer.append(baseline.record);
    try {
        run_design(experiment, base, baseline, options, deadline, writer);
        if (experiment.scenario.profile > 0 && !deadline.flag().requested())
            profile_run(experiment, base, journal::read(options.out),
                        {jobs_for(experiment, options.jobs), &deadline.flag(),
                         [&](std::uint64_t done, std::uint64_t total) {
                             if (options.progress) options.progress({done, total, "profiles"});
                             deadline.look();
                         }},
                        writer);
    } catch (const Error& error) {
        writer.append(journal::Closing{"failed", error.what()});
        throw;
    }
    writer.append(journal::Closing{deadline.flag().requested() ? "interrupted" : "completed",
                                   deadline.passed() ? "the deadline of the run passed" : ""});
    return journal::read(options.out);
}

}  // namespace faultline::run
