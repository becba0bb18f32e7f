#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "cli/added_checks.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress_line.h"
#include "cli/run_folder.h"
#include "cli/write_file.h"
#include "core/error.h"
#include "findings/result.h"
#include "findings/without_checks.h"
#include "report/display_text.h"
#include "report/numbers.h"
#include "report/sections.h"
#include "run/execute.h"

namespace faultline::cli {
namespace {

namespace fs = std::filesystem;
using model::Json;

std::string document_of(const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string score_text(const std::optional<double>& score) {
    return score ? report::number(*score) : "—";
}

std::uint64_t counted(const findings::Result& result, const char* outcome) {
    const auto found = result.trials.find(outcome);
    return found == result.trials.end() ? 0 : found->second;
}

/// The same trials with and without the guards, and what each guard did.
struct Comparison {
    findings::Result before, after;
    struct Row {
        std::string id;
        std::uint64_t killed = 0, false_alarms = 0;
    };
    std::vector<Row> guards;
};

Comparison compare(const journal::Journal& journal, const findings::Guards& guards) {
    std::set<std::string> ids;
    Comparison comparison;
    for (const auto& guard : guards.proposed) {
        ids.insert(guard.id);
        Comparison::Row row{guard.id};
        for (const auto& trial : journal.trials) {
            if (!trial.fired.contains(guard.id)) continue;
            if (trial.outcome == journal::Outcome::detected) ++row.killed;
            if (trial.outcome == journal::Outcome::false_alarm) ++row.false_alarms;
        }
        comparison.guards.push_back(std::move(row));
    }
    comparison.after = findings::conclude(journal);
    comparison.before = findings::conclude(findings::without_checks(journal, ids));
    return comparison;
}

Json to_json(const Comparison& comparison, const findings::Guards& guards) {
    const auto side = [](const findings::Result& result) {
        return Json{
            {"score", result.guards.score_before ? Json(*result.guards.score_before) : Json()},
            {"detected", counted(result, "detected")},
            {"silent", counted(result, "silent")},
            {"false_alarm", counted(result, "false_alarm")}};
    };
    Json rows = Json::array();
    for (const auto& row : comparison.guards)
        rows.push_back(
            {{"id", row.id}, {"killed", row.killed}, {"false_alarms", row.false_alarms}});
    return {{"seed", comparison.after.seed},
            {"before", side(comparison.before)},
            {"predicted", {{"score", guards.score_after ? Json(*guards.score_after) : Json()}}},
            {"after", side(comparison.after)},
            {"guards", std::move(rows)}};
}

std::string text_of(const Comparison& comparison, const findings::Guards& guards,
                    const fs::path& folder) {
    const auto line = [](const char* what, const std::string& before, const std::string& after) {
        return fmt::format("  {:<16} {:>10} {:>10}\n", what, before, after);
    };
    const auto counts = [&](const char* what, const char* outcome) {
        return line(what, report::count(counted(comparison.before, outcome)),
                    report::count(counted(comparison.after, outcome)));
    };
    std::string text = fmt::format("Rerun with seed {}: {}, with and without the guards\n\n",
                                   comparison.after.seed,
                                   report::count(counted(comparison.after, "total"), "trial"));
    text += line("", "without", "with");
    text += line("mutation score", score_text(comparison.before.guards.score_before),
                 score_text(comparison.after.guards.score_before));
    text += counts("detected", "detected") + counts("silent", "silent") +
            counts("false alarms", "false_alarm");
    text += fmt::format("\n  predicted were {} and {}\n\n", score_text(guards.score_before),
                        score_text(guards.score_after));
    for (const auto& row : comparison.guards)
        text += fmt::format("  {}: noticed harm in {}, false alarms in {}\n", report::shown(row.id),
                            report::count(row.killed, "trial"),
                            report::count(row.false_alarms, "trial"));
    return text + "\n  written to " + report::shown(folder.string()) + "\n";
}

journal::Journal rerun(const journal::Journal& journal, const findings::Guards& guards,
                       const fs::path& to, std::uint64_t seed, unsigned jobs,
                       const std::vector<fs::path>& plugin_paths) {
    Json checks = Json::array();
    for (const auto& guard : guards.proposed) checks.push_back(guard.check);
    Json document = with_checks(journal.header.scenario, checks, journal.header.pipeline_path, to);
    // What is asked here is whether the guards do what they should, not which others might.
    document["profile"] = 0;
    WrittenScenario scenario(document, to);
    const plugin::Registry registry = plugin::discover(plugin_paths);
    const run::Experiment experiment = run::load_experiment(scenario.file(), registry, seed);
    if (experiment.workflow.pipeline.document != journal.header.pipeline)
        throw Error(ErrorKind::user,
                    fmt::format("{} has changed since the run: run the scenario again",
                                experiment.workflow.pipeline.file.string()));
    const InterruptGuard interrupt;
    ProgressLine line(stderr_is_terminal());
    run::RunOptions options;
    options.out = to;
    options.jobs = jobs;
    options.stop = &interrupt.flag();
    options.progress = [&](const run::Progress& progress) { line.update(progress); };
    journal::Journal again = run::execute(experiment, options);
    scenario.keep();
    return again;
}

int guard_command(const std::vector<std::string>& words) {
    Arguments arguments(
        "guard", "guard RUN [--rerun] [options]",
        "The checks that would have caught the silent failures of a finished run, from its "
        "journal\n"
        "alone: the cheapest set that covers the most, with limits, written to RUN/guards.json.\n"
        "With --rerun the scenario is run again with them, on draws that they have not seen (the\n"
        "next seed, unless --seed says another), and the mutation scores without and with them "
        "are\n"
        "shown side by side.",
        "faultline guard /tmp/store_sales --rerun");
    arguments.word("RUN", true)
        .flag("rerun", "run the scenario again with the guards added")
        .option("to", "DIR", "the rerun's folder; RUN/guarded-SEED unless stated")
        .option("seed", "N", "of the rerun; the run's own seed + 1 unless stated")
        .option("jobs", "N", "trials at once; one a core unless stated. Never changes the result")
        .flag("json", "the guards, or the comparison, for programs")
        .option("plugin-path", "DIR", "a folder with plugins; may be given several times", true);
    if (!arguments.parse(words)) return exit_held;
    const fs::path from = arguments.text("RUN");
    const unsigned jobs = static_cast<unsigned>(arguments.whole("jobs", 1, 1024).value_or(0));
    const journal::Journal journal = journal::read(from);
    const std::uint64_t seed =
        arguments.whole("seed", 0, INT64_MAX).value_or(journal.header.seed + 1);
    const findings::Result result = findings::conclude(journal);
    write_whole(from / "guards.json", document_of(findings::guards_document(result.guards)));
    if (!arguments.on("rerun")) {
        report::TerminalStyle style = style_of_stdout();
        style.folder = from.string();
        const report::Page page{result, style, report::Paint(style.colour)};
        const std::string text = report::guards_section(page);
        print(arguments.on("json") ? document_of(findings::guards_document(result.guards))
              : text.empty()       ? result.guards.note + "\n"
                                   : text);
        return exit_held;
    }
    if (result.guards.proposed.empty())
        throw Error(ErrorKind::user, fmt::format("{} gives no guards to run with: {}",
                                                 from.string(), result.guards.note));
    const fs::path to = arguments.has("to") ? fs::path(arguments.text("to"))
                                            : from / fmt::format("guarded-{}", seed);
    refuse_used_folder(to);
    const journal::Journal again =
        rerun(journal, result.guards, to, seed, jobs, arguments.paths("plugin-path"));
    const Comparison comparison = compare(again, result.guards);
    write_whole(to / "result.json", document_of(findings::to_json(comparison.after)));
    print(arguments.on("json") ? document_of(to_json(comparison, result.guards))
                               : text_of(comparison, result.guards, to));
    return comparison.after.status == "interrupted" ? exit_interrupted : exit_held;
}

const Registration guard_registration({"guard", "the checks that would have caught what was silent",
                                       guard_command});

}  // namespace
}  // namespace faultline::cli
