#include "run/baseline.h"

#include <fmt/format.h>

#include <cmath>

#include "core/error.h"
#include "core/json_pointer.h"
#include "journal/tolerance.h"

namespace faultline::run {
namespace {

/// How far two runs of the same thing are apart; 0 where rounding alone explains it. Rounded up to
/// two digits, so that a floor does not tell of a thread's timing in its last ones.
double floor_between(const std::optional<double>& first, const std::optional<double>& second) {
    if (!first || !second || !std::isfinite(*first) || !std::isfinite(*second)) return 0;
    const double apart = std::abs(*first - *second);
    if (apart <= std::ldexp(std::max(std::abs(*first), std::abs(*second)), -40)) return 0;
    const double unit = std::pow(10.0, std::floor(std::log10(apart)) - 1);
    return std::ceil(apart / unit) * unit;
}

/// A tolerance in floors needs a floor: in some segment at least it must move by itself.
void refuse_missing_floor(const Experiment& experiment, const Baseline& baseline) {
    std::vector<Problem> problems;
    for (std::size_t m = 0; m < experiment.scenario.metrics.size(); ++m) {
        const model::Metric& metric = experiment.scenario.metrics[m];
        if (!metric.tolerance.noise || metric.tolerance.absolute || metric.tolerance.relative)
            continue;
        bool moves = false;
        for (std::size_t s = 0; s < baseline.metric_of.size(); ++s)
            moves = moves || (baseline.metric_of[s] == m && baseline.record.noise_floor[s] > 0);
        if (!moves)
            problems.push_back({experiment.scenario.file.string(),
                                pointer_to(pointer_to(metric.pointer, "tolerance"), "noise"),
                                fmt::format("a tolerance in units of the noise floor, which is 0: "
                                            "\"{}\" does not move by itself",
                                            metric.id),
                                "\"absolute\" or \"relative\" beside it",
                                {}});
    }
    if (!problems.empty()) throw Error(std::move(problems));
}

}  // namespace

Baseline make_baseline(const Experiment& experiment, const BaseRun& base, const BaseRun& again) {
    Baseline baseline;
    std::map<std::string, std::optional<double>> second;
    for (const auto& answer : again.answers())
        second[series_key(answer.metric, answer.segment)] = answer.value;
    for (const auto& answer : base.answers()) {
        const model::Metric& metric = experiment.scenario.metrics[answer.metric];
        const std::string key = series_key(answer.metric, answer.segment);
        const auto other = second.find(key);
        const double floor = other == second.end() ? 0 : floor_between(answer.value, other->second);
        baseline.series_at[key] = baseline.metric_of.size();
        baseline.metric_of.push_back(answer.metric);
        baseline.record.series.push_back({metric.id, answer.segment});
        baseline.record.values.push_back(answer.value);
        baseline.record.noise_floor.push_back(floor);
        baseline.tolerances.push_back(
            answer.value ? journal::effective_tolerance(metric.tolerance, *answer.value, floor)
                         : std::nullopt);
    }
    refuse_missing_floor(experiment, baseline);
    baseline.record.checks = base.checks();
    baseline.record.executed = base.executed();
    const Workflow& workflow = experiment.workflow;
    for (NodeIndex node = 0; node < base.needed().size(); ++node)
        if (base.node_milliseconds()[node] > 0)
            baseline.record.node_milliseconds[workflow.pipeline.nodes[node].name] =
                base.node_milliseconds()[node];
    for (std::size_t i = 0; i < workflow.unpinned.size(); ++i)
        for (const auto& function : workflow.unpinned[i])
            baseline.record.unpinned.push_back(workflow.pipeline.nodes[i].name + ": " + function);
    return baseline;
}

}  // namespace faultline::run
