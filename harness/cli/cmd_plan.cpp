#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/output.h"
#include "report/display_text.h"
#include "report/numbers.h"
#include "report/table.h"
#include "run/execute.h"

namespace faultline::cli {
namespace {

/// What a design that looks at results first may come to.
struct Further {
    bool possible = false;              ///< else the plan has every trial
    std::optional<std::uint64_t> most;  ///< trials in all; nothing: no bound is known
    /// The work of so many full runs at most.
    std::optional<double> full_run_equivalents;
    std::vector<std::string> explanation;
};

Further further_than(const run::Experiment& experiment, const run::Plan& plan) {
    const auto& spec = experiment.scenario.design;
    const auto design =
        design::make_design(spec, experiment.factors, experiment.scenario.file.string());
    Further further;
    further.explanation = design->explain({});
    further.possible = !design->size();
    further.most = design->most();
    if (!further.most || plan.trials == 0) return further;
    const auto first = static_cast<double>(plan.trials), all = static_cast<double>(*further.most);
    // With a stopping rule all looks are alike; else a trial takes a full run at most.
    further.full_run_equivalents = spec.stop ? plan.full_run_equivalents * (all / first)
                                             : plan.full_run_equivalents + (all - first);
    return further;
}

/// Running the unperturbed pipeline for its times is what makes a plan slow where it is large.
constexpr std::uint64_t most_steps = 1000;

run::PlanFrom source_of_plan(const Arguments& arguments, const run::Experiment& experiment) {
    if (arguments.on("no-data")) return run::PlanFrom::documents;
    const auto& nodes = experiment.workflow.pipeline.nodes;
    const auto steps = std::count_if(nodes.begin(), nodes.end(), [](const auto& node) {
        return node.kind != model::NodeKind::source;
    });
    const bool few = static_cast<std::uint64_t>(steps) <= most_steps;
    return few || arguments.on("timed") ? run::PlanFrom::base_run : run::PlanFrom::sources;
}

std::string in_bytes(std::uint64_t bytes) {
    const auto size = static_cast<double>(bytes);
    if (size < 0x1p20) return fmt::format("{:.0f} KiB", std::ceil(size * 0x1p-10));
    return size < 0x1p30 ? fmt::format("{:.0f} MiB", size * 0x1p-20)
                         : fmt::format("{:.1f} GiB", size * 0x1p-30);
}

std::string as_json(const run::Plan& plan, const Further& further) {
    model::Json document = {
        {"trials", plan.trials},
        {"most_trials", further.most ? model::Json(*further.most) : model::Json()},
        {"most_full_run_equivalents",
         further.full_run_equivalents ? model::Json(*further.full_run_equivalents) : model::Json()},
        {"explanation", further.explanation},
        {"executions",
         {{"run", plan.nodes_run}, {"reused", plan.nodes_reused}, {"skipped", plan.nodes_skipped}}},
        {"full_run_equivalents", plan.full_run_equivalents},
        {"black_box_equivalents", plan.black_box_equivalents},
        {"jobs", plan.jobs},
        {"threads_per_trial", plan.threads ? model::Json(*plan.threads) : model::Json()},
        {"estimated_seconds",
         plan.estimated_seconds ? model::Json(*plan.estimated_seconds) : model::Json()},
        {"factors", model::Json::array()},
        {"unreachable", plan.unreachable},
        {"warnings", plan.warnings}};
    for (const auto& factor : plan.factors)
        document["factors"].push_back(
            {{"id", factor.id},
             {"node", factor.node},
             {"plugin", factor.plugin},
             {"trials", factor.trials},
             {"executions_each",
              {{"run", factor.nodes_run},
               {"reused", factor.nodes_reused},
               {"skipped", factor.nodes_skipped}}},
             {"base_milliseconds_each",
              plan.estimated_seconds ? model::Json(factor.base_milliseconds) : model::Json()}});
    return document.dump(2, ' ', false, model::Json::error_handler_t::replace) + "\n";
}

std::string as_text(const run::Experiment& experiment, const run::Plan& plan,
                    const Further& further) {
    const report::TerminalStyle style = style_of_stdout();
    using Align = report::Table::Align;
    report::Table table({{"perturbation", Align::left, 16},
                         {"node", Align::left, 12},
                         {"plugin", Align::left, 12},
                         {"trials", Align::right, 0},
                         {"steps run", Align::right, 0},
                         {"reused", Align::right, 0},
                         {"skipped", Align::right, 0},
                         {plan.estimated_seconds ? "ms each" : "", Align::right, 0}});
    for (const auto& factor : plan.factors)
        table.add({{factor.id},
                   {factor.node},
                   {factor.plugin},
                   {report::count(factor.trials)},
                   {report::count(factor.nodes_run)},
                   {report::count(factor.nodes_reused)},
                   {report::count(factor.nodes_skipped)},
                   {plan.estimated_seconds ? report::number(factor.base_milliseconds) : ""}});
    std::string text = report::shown(experiment.scenario.title) + "\n\n" +
                       table.text(report::Paint(style.colour), style.width) + "\n";
    text += fmt::format("  {}{}, {} run: the work of {} full runs of the pipeline\n",
                        further.possible ? "to begin with, " : "",
                        report::count(plan.trials, "trial"), report::count(plan.nodes_run, "step"),
                        report::number(plan.full_run_equivalents));
    text += fmt::format("  a tool that reruns everything would pay for {}\n",
                        report::number(plan.black_box_equivalents));
    if (plan.estimated_seconds)
        text +=
            fmt::format("  about {} s of steps with {}, by the base run's times\n",
                        report::number(*plan.estimated_seconds), report::count(plan.jobs, "job"));
    else if (plan.threads)
        text += fmt::format(
            "  no time is told: the unperturbed pipeline was not run for it, having more than {}; "
            "--timed runs it\n",
            report::count(most_steps, "step"));
    if (plan.threads)
        text += fmt::format(
            "  {}, since the largest source takes up {} (2 GiB or more are large)\n",
            *plan.threads == 1
                ? "one engine thread a trial: the same bits every time"
                : fmt::format("{} engine threads a trial: sums differ in their last digits from "
                              "run to run",
                              *plan.threads),
            in_bytes(plan.largest_source));
    if (further.possible && further.most && *further.most > plan.trials)
        text += fmt::format(
            "  then, by what those say, up to {} in all: at most the work of {} full runs\n"
            "  a tool that reruns everything would pay for {}\n",
            report::count(*further.most, "trial"), report::number(*further.full_run_equivalents),
            report::count(*further.most));
    for (const auto& sentence : further.explanation)
        for (const auto& line : report::wrapped("design: " + report::shown(sentence),
                                                style.width > 2 ? style.width - 2 : style.width))
            text += "  " + line + "\n";
    for (const auto& id : plan.unreachable)
        text +=
            "  nothing can see " + report::shown(id) + ": no metric and no check depends on it\n";
    return text;
}

int plan_command(const std::vector<std::string>& words) {
    Arguments arguments(
        "plan", "plan SCENARIO [options]",
        "What a run would do: trials, the steps each has to run and those it can reuse, and an\n"
        "estimate of the time, from one run of the unperturbed pipeline (of one with more than\n"
        "1,000 steps only with --timed). Where the design decides "
        "by\n"
        "results what to run next: its first trials, and the most that it may come to.",
        "faultline plan scenarios/store_sales/scenario.json");
    arguments.word("SCENARIO", true)
        .option("jobs", "N", "trials at once; one a core unless stated")
        .option("seed", "N", "instead of the scenario's seed")
        .flag("no-data",
              "from the documents alone: no data is read, no step is run, no times are told")
        .flag("timed", "run the unperturbed pipeline for its times, however many steps it has")
        .flag("json", "for programs")
        .option("plugin-path", "DIR", "a folder with plugins; may be given several times", true);
    if (!arguments.parse(words)) return exit_held;
    const auto jobs = arguments.whole("jobs", 1, 1024);
    const auto seed = arguments.whole("seed", 0, INT64_MAX);
    const plugin::Registry registry = plugin::discover(arguments.paths("plugin-path"));
    const run::Experiment experiment =
        run::load_experiment(arguments.text("SCENARIO"), registry, seed);
    const run::Plan plan = run::make_plan(experiment, static_cast<unsigned>(jobs.value_or(0)),
                                          source_of_plan(arguments, experiment));
    for (const auto& warning : plan.warnings) complain("warning: " + warning);
    const Further further = further_than(experiment, plan);
    print(arguments.on("json") ? as_json(plan, further) : as_text(experiment, plan, further));
    return exit_held;
}

const Registration plan_registration({"plan",
                                      "what a run would do, what it reuses, how long it takes",
                                      plan_command});

}  // namespace
}  // namespace faultline::cli
