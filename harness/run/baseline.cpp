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

Baseline arranged(const Experiment& experiment, journal::Base record) {
    std::map<std::string, std::size_t> place;
    for (std::size_t m = 0; m < experiment.scenario.metrics.size(); ++m)
        place[experiment.scenario.metrics[m].id] = m;
    Baseline baseline;
    for (std::size_t s = 0; s < record.series.size(); ++s) {
        const std::size_t metric = place.at(record.series[s].metric);
        baseline.series_at[series_key(metric, record.series[s].segment)] = s;
        baseline.metric_of.push_back(metric);
        baseline.tolerances.push_back(
            record.values[s]
                ? journal::effective_tolerance(experiment.scenario.metrics[metric].tolerance,
                                               *record.values[s], record.noise_floor[s])
                : std::nullopt);
    }
    baseline.record = std::move(record);
    return baseline;
}

/// The same but for rounding, or for what moves by itself.
bool agree(const std::optional<double>& then, const std::optional<double>& now, double floor) {
    if (!then || !now) return then.has_value() == now.has_value();
    if (std::isnan(*then) || std::isnan(*now)) return std::isnan(*then) == std::isnan(*now);
    if (*then == *now) return true;
    const double apart = std::abs(*then - *now);
    return apart <= floor || apart <= std::ldexp(std::max(std::abs(*then), std::abs(*now)), -40);
}

std::string shown_number(const std::optional<double>& value) {
    return value ? fmt::format("{}", *value) : "no value";
}

[[noreturn]] void refuse_base(const std::string& how) {
    throw Error(ErrorKind::user,
                "cannot resume: the same documents and data no longer give the same unperturbed "
                "results: the pipeline " +
                    how +
                    "; some step moves by itself by more than the noise floor that was measured");
}

}  // namespace

Baseline make_baseline(const Experiment& experiment, const BaseRun& base, const BaseRun& again) {
    journal::Base record;
    std::map<std::string, std::optional<double>> second;
    for (const auto& answer : again.answers())
        second[series_key(answer.metric, answer.segment)] = answer.value;
    for (const auto& answer : base.answers()) {
        const auto other = second.find(series_key(answer.metric, answer.segment));
        record.series.push_back({experiment.scenario.metrics[answer.metric].id, answer.segment});
        record.values.push_back(answer.value);
        record.noise_floor.push_back(
            other == second.end() ? 0 : floor_between(answer.value, other->second));
    }
    record.checks = base.checks();
    record.executed = base.executed();
    const Workflow& workflow = experiment.workflow;
    for (NodeIndex node = 0; node < base.needed().size(); ++node)
        if (base.node_milliseconds()[node] > 0)
            record.node_milliseconds[workflow.pipeline.nodes[node].name] =
                base.node_milliseconds()[node];
    for (std::size_t i = 0; i < workflow.unpinned.size(); ++i)
        for (const auto& function : workflow.unpinned[i])
            record.unpinned.push_back(workflow.pipeline.nodes[i].name + ": " + function);
    Baseline baseline = arranged(experiment, std::move(record));
    refuse_missing_floor(experiment, baseline);
    return baseline;
}

Baseline recall_baseline(const Experiment& experiment, const BaseRun& base,
                         const journal::Base& record) {
    Baseline baseline = arranged(experiment, record);
    if (base.answers().size() != record.series.size())
        refuse_base(fmt::format("has {} series now and had {} then", base.answers().size(),
                                record.series.size()));
    for (const auto& answer : base.answers()) {
        const std::string& id = experiment.scenario.metrics[answer.metric].id;
        const std::string name =
            id + (answer.segment.is_null()
                      ? ""
                      : " " + answer.segment.dump(-1, ' ', false,
                                                  journal::Json::error_handler_t::replace));
        const auto at = baseline.series_at.find(series_key(answer.metric, answer.segment));
        if (at == baseline.series_at.end()) refuse_base("has a series more than then: " + name);
        // A measured time is another one every time; the one that was recorded counts.
        if (experiment.scenario.metrics[answer.metric].sql.empty()) continue;
        const auto& then = record.values[at->second];
        if (!agree(then, answer.value, record.noise_floor[at->second]))
            refuse_base(fmt::format("gives {} = {} now and gave {} then", name,
                                    shown_number(answer.value), shown_number(then)));
    }
    for (const auto& [id, state] : base.checks()) {
        const auto then = record.checks.find(id);
        if (then == record.checks.end() || then->second.fired != state.fired)
            refuse_base(fmt::format("{} the check \"{}\" now and did not then",
                                    state.fired ? "fires" : "passes", id));
    }
    return baseline;
}

}  // namespace faultline::run
