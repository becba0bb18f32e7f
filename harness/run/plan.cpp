#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "core/digest.h"
#include "run/base_run.h"
#include "run/execute.h"
#include "run/latency.h"
#include "run/window.h"

namespace faultline::run {
namespace {

/// What a trial's steps took in the base run: the part of its cost that can be told beforehand.
double base_cost(const std::vector<double>& base, const Work& work) {
    double milliseconds = 0;
    for (NodeIndex node = 0; node < work.executed.size(); ++node)
        if (work.executed[node]) milliseconds += base[node];
    return milliseconds;
}

/// Addresses of sources that nobody has read.
std::vector<std::string> addresses_by_name(const Workflow& workflow) {
    std::vector<std::string> addresses;
    for (const auto& node : workflow.pipeline.nodes)
        addresses.push_back(node.kind == model::NodeKind::source
                                ? Digest().add("unread").add(node.name).hex()
                                : "");
    return addresses;
}

}  // namespace

Plan make_plan(const Experiment& experiment, unsigned jobs, PlanFrom from) {
    std::unique_ptr<BaseRun> base;
    std::optional<TrialPlan> unread;
    if (from != PlanFrom::documents) {
        BaseOptions options;
        options.threads = 0;
        base = std::make_unique<BaseRun>(experiment, options);
        if (from == PlanFrom::base_run) base->run();
    } else {
        unread.emplace(experiment, addresses_by_name(experiment.workflow));
    }
    const std::size_t nodes = experiment.workflow.dag.size();
    const std::vector<bool> needed = needed_nodes(experiment);
    const auto bytes = base != nullptr ? base->bytes() : std::vector<std::uint64_t>(nodes, 0);
    const auto costs = base != nullptr ? base->node_milliseconds() : std::vector<double>(nodes, 0);
    const std::vector<bool> timed = timed_nodes(experiment);
    const Window::Ground ground{base != nullptr ? base->plan() : *unread, needed, bytes, timed,
                                base != nullptr ? base->lineage() : nullptr};
    Plan plan;
    plan.jobs = jobs_for(experiment, jobs);
    if (base != nullptr) {
        plan.threads = base->threads();
        plan.largest_source = base->largest_source();
        if (jobs == 0) plan.jobs = std::min(plan.jobs, jobs_beside(base->threads()));
    }
    plan.warnings = experiment.warnings;
    for (std::size_t i = 0; i < experiment.faults.size(); ++i) {
        PlannedFactor factor;
        factor.id = experiment.factors[i].id;
        factor.node = experiment.workflow.pipeline.nodes[experiment.sites[i]].name;
        factor.plugin = experiment.faults[i].plugin().about().name;
        plan.factors.push_back(std::move(factor));
    }
    double milliseconds = 0;
    std::uint64_t full = 0;
    for (NodeIndex node = 0; node < nodes; ++node)
        if (needed[node] &&
            experiment.workflow.pipeline.nodes[node].kind != model::NodeKind::source)
            ++full;

    const auto design = design::make_design(experiment.scenario.design, experiment.factors,
                                            experiment.scenario.file.string());
    const auto block = design->next({});
    const std::size_t size = window_size(experiment);
    std::optional<Window> window;
    for (std::size_t i = 0; i < block.size(); ++i) {
        if (i % size == 0)
            window.emplace(experiment, ground, block, i, std::min(i + size, block.size()));
        const design::Trial& trial = block[i];
        const Work& work = window->at(i % size).work;
        const double cost = base_cost(costs, work);
        ++plan.trials;
        plan.nodes_run += work.count_run;
        plan.nodes_reused += work.count_reused;
        plan.nodes_skipped += work.count_skipped;
        milliseconds += cost;
        for (auto& factor : plan.factors) {
            if (!trial.severities.contains(factor.id)) continue;
            ++factor.trials;
            factor.nodes_run = std::max(factor.nodes_run, work.count_run);
            factor.nodes_reused = work.count_reused;
            factor.nodes_skipped = work.count_skipped;
            factor.base_milliseconds = std::max(factor.base_milliseconds, cost);
            const bool seen = !work.metric_groups.empty() || !work.checks.empty();
            const bool known = std::find(plan.unreachable.begin(), plan.unreachable.end(),
                                         factor.id) != plan.unreachable.end();
            if (!seen && !known) plan.unreachable.push_back(factor.id);
        }
    }
    plan.full_run_equivalents =
        full == 0 ? 0 : static_cast<double>(plan.nodes_run) / static_cast<double>(full);
    plan.black_box_equivalents = static_cast<double>(plan.trials);
    if (from == PlanFrom::base_run) plan.estimated_seconds = milliseconds / 1000 / plan.jobs;
    return plan;
}

}  // namespace faultline::run
