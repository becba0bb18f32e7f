#include "run/profile_pass.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "core/error.h"
#include "run/parts.h"
#include "run/profiled_run.h"
#include "run/trial_execution.h"

namespace faultline::run {
namespace {

using journal::Outcome;

/// At most `most` of them, evenly spread, the first and the last among them.
void spread(const std::vector<std::pair<double, std::uint64_t>>& all, std::size_t most,
            std::set<std::uint64_t>& into) {
    const std::size_t taken = std::min(most, all.size());
    for (std::size_t i = 0; i < taken; ++i)
        into.insert(all[taken == 1 ? all.size() - 1 : i * (all.size() - 1) / (taken - 1)].second);
}

/// What was handed on, and what it holds.
struct Looked {
    std::string select;
    journal::NodeProfile profile;
};

/// What the nodes handed on in one trial, run again node by node as far as they can differ.
journal::Profile profile_trial(const Experiment& experiment, const BaseRun& base,
                               const Profiler& profiler, engine::Connection& connection,
                               plugin::Measures& measures, const StopFlag* stop,
                               const journal::TrialRecord& record) {
    journal::Profile profile;
    profile.trial = record.number;
    const design::Trial again{record.number, record.block, record.replicate, record.severities};
    const TrialPlan plan(experiment, base.plan(), again, base.lineage());
    const Work work = work_to_look_at(experiment, base.needed(), base.plan(), plan);
    TrialExecution execution(experiment, base, connection, measures, stop, plan, work, true);
    const Relations& relations = execution.relations();
    ProfiledRun run(profiler, connection, [&](NodeIndex node) {
        const std::string& address = plan.handed_on(node).address;
        return relations.select(relations.has(address) ? address : base.plan().result(node));
    });
    std::map<NodeIndex, std::vector<Looked>> looked;
    const auto look_at = [&](NodeIndex node) {
        if (!profiler.covers(node)) return false;
        connection.stop_when({std::nullopt, stop});
        const std::string& address = plan.handed_on(node).address;
        bool same = false;
        if (relations.has(address)) {
            const std::string& select = relations.select(address);
            looked[node].push_back({select, run.measure(node, select, plan.changed(node))});
            same = looked[node].back().profile.same;
        }
        for (const NodeIndex consumer : experiment.workflow.dag.consumers(node)) {
            const std::string& edge = plan.bound_for(node, consumer).address;
            if (edge == address || !relations.has(edge)) continue;
            const std::string& select = relations.select(edge);
            looked[node].push_back({select, run.measure(node, select)});
            looked[node].back().profile.consumer =
                experiment.workflow.pipeline.nodes[consumer].name;
        }
        return same;
    };
    try {
        execution.run_through(look_at);
    } catch (const TrialFailure&) {
        return profile;  // it ended otherwise this time: a time-out, most likely
    }
    connection.stop_when({std::nullopt, stop});
    // Also of what reads no changed column: it is known to be the base's.
    const TrialPlan all(experiment, base.plan(), again);
    for (const NodeIndex node : all.reached()) {
        if (!profiler.covers(node)) continue;
        const auto found = looked.find(node);
        if (found == looked.end()) {
            if (plan.handed_on(node).address != base.plan().handed_on(node).address) continue;
            profile.nodes.emplace_back();
            profile.nodes.back().node = experiment.workflow.pipeline.nodes[node].name;
            profile.nodes.back().same = true;
            continue;
        }
        for (auto& [select, of_node] : found->second) {
            run.relate(node, select, of_node);
            profile.nodes.push_back(std::move(of_node));
        }
    }
    return profile;
}

/// How many trials may be looked into, so that what is read stays within bounds whatever the data.
std::size_t affordable(const BaseRun& base, const std::vector<bool>& covered) {
    constexpr std::uint64_t most_bytes = std::uint64_t{4} << 30, most_trials = 400;
    std::uint64_t bytes = 1;
    for (NodeIndex node = 0; node < base.needed().size(); ++node)
        if (covered[node]) bytes += base.bytes(node);
    return static_cast<std::size_t>(std::min(most_trials, most_bytes / bytes));
}

/// Runs tasks 0 … count − 1 on several threads; the error of the earliest is rethrown.
void in_parallel(std::size_t count, unsigned jobs, const StopFlag* stop,
                 const std::function<void(std::size_t)>& task) {
    std::vector<std::exception_ptr> errors(count);
    std::atomic<std::size_t> next{0};
    std::atomic<bool> failed{false};
    const auto work = [&] {
        for (;;) {
            if (failed.load() || (stop != nullptr && stop->requested())) return;
            const std::size_t i = next.fetch_add(1);
            if (i >= count) return;
            try {
                task(i);
            } catch (...) {
                errors[i] = std::current_exception();
                failed.store(true);
            }
        }
    };
    std::vector<std::thread> threads;
    for (unsigned t = 1; t < std::min<std::size_t>(std::max(1u, jobs), count); ++t)
        threads.emplace_back(work);
    work();
    for (auto& thread : threads) thread.join();
    for (const auto& error : errors)
        if (error) std::rethrow_exception(error);
}

}  // namespace

TrialsToProfile::Kind TrialsToProfile::kind_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::silent:
            return Kind::silent;
        case Outcome::absorbed:
        case Outcome::false_alarm:
            return Kind::harmless;
        case Outcome::detected:
            return Kind::noticed;
        default:
            return Kind::other;
    }
}

void TrialsToProfile::consider(const journal::TrialRecord& trial) {
    const Kind kind = kind_of(trial.outcome);
    if (kind == Kind::other || trial.severities.empty()) return;
    const bool alone = trial.severities.size() == 1;
    if (!alone && kind == Kind::noticed) return;
    const auto first = trial.severities.begin();
    groups_[{alone ? first->first : "", kind}].emplace_back(alone ? first->second : 0,
                                                            trial.number);
}

std::vector<std::uint64_t> TrialsToProfile::chosen(std::size_t most) const {
    if (most == 0) return {};
    std::set<std::uint64_t> chosen;
    for (const auto& [name, trials] : groups_) {
        const auto& [id, kind] = name;
        auto group = trials;
        std::sort(group.begin(), group.end());
        const std::size_t several = id.empty() ? 8 : 1;
        spread(group,
               several * (kind == Kind::silent     ? most
                          : kind == Kind::harmless ? (most + 1) / 2
                                                   : 1),
               chosen);
    }
    return {chosen.begin(), chosen.end()};
}

void profile_run(const Experiment& experiment, const BaseRun& base,
                 const std::filesystem::path& folder, const ProfilePass& options,
                 journal::Writer& writer) {
    std::vector<std::uint64_t> wanted;
    {
        TrialsToProfile trials;
        (void)journal::read(folder, [&](const journal::TrialRecord& trial) {
            trials.consider(trial);
            return false;
        });
        wanted = trials.chosen(experiment.scenario.profile);
    }
    if (wanted.empty()) return;
    // A few of very many: the rest need not be held meanwhile.
    const auto journal = journal::read(folder, [&](const journal::TrialRecord& trial) {
        return std::binary_search(wanted.begin(), wanted.end(), trial.number);
    });
    std::set<std::pair<std::optional<std::uint64_t>, std::optional<std::uint64_t>>> done;
    for (const auto& profile : journal.profiles) done.insert({profile.trial, profile.without});

    try {
        const std::size_t most = affordable(base, nodes_to_profile(experiment, base));
        if (most == 0) return;
        const Profiler profiler(experiment, base, options.stop);
        if (!done.contains({std::nullopt, std::nullopt})) writer.append(profiler.base());
        if (wanted.size() > most) {
            std::vector<std::uint64_t> fewer;
            for (std::size_t i = 0; i < most; ++i)
                fewer.push_back(wanted[i * wanted.size() / most]);
            wanted = std::move(fewer);
        }
        const Parts parts(experiment, base);
        plugin::Measures measures;
        std::mutex turn;
        std::uint64_t ended = 0;
        const std::size_t total = parts.size() + wanted.size();
        in_parallel(total, options.jobs, options.stop, [&](std::size_t i) {
            const auto connection = base.engine().connect();
            connection->stop_when({std::nullopt, options.stop});
            if (i < parts.size()) {
                if (!done.contains({std::nullopt, i})) {
                    try {
                        writer.append(parts.without(i, *connection, profiler));
                    } catch (const Error& error) {
                        // A step that cannot do without these rows: nothing is learnt from it.
                        if (error.kind() != ErrorKind::data) throw;
                    }
                }
            } else if (const auto trial = wanted[i - parts.size()];
                       !done.contains({trial, std::nullopt})) {
                writer.append(profile_trial(experiment, base, profiler, *connection, measures,
                                            options.stop, *journal.trial(trial)));
            }
            const std::lock_guard lock(turn);
            if (options.progress) options.progress(++ended, total);
        });
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::cancelled && options.stop != nullptr &&
            options.stop->requested())
            return;
        throw;
    }
}

}  // namespace faultline::run
