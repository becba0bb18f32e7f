#include <fmt/format.h>

#include <optional>

#include "cli/added_checks.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress_line.h"
#include "cli/report_files.h"
#include "cli/run_folder.h"
#include "cli/write_file.h"
#include "findings/exit_code.h"
#include "findings/result.h"
#include "report/terminal.h"
#include "run/execute.h"

namespace faultline::cli {
namespace {

namespace fs = std::filesystem;

journal::Journal execute(const run::Experiment& experiment, run::RunOptions options, bool quiet) {
    const InterruptGuard interrupt;
    ProgressLine line(stderr_is_terminal() && !quiet);
    options.stop = &interrupt.flag();
    options.progress = [&](const run::Progress& progress) { line.update(progress); };
    return run::execute(experiment, options);
}

int command(const std::vector<std::string>& words) {
    Arguments arguments(
        "run", "run SCENARIO [--out DIR] [options]",
        "Runs the scenario and reports: DIR/journal.jsonl is the record of every trial,\n"
        "DIR/result.json what follows from it, DIR/report.html, report.md and junit.xml say it to\n"
        "people and to CI, and a short report goes to standard output.\n"
        "Without --out the run goes to runs/<title>/<number>, and runs/<title>/latest points to\n"
        "it. The exit code is the verdict: 0 held, 1 deviated, 2 unknown.",
        "faultline run scenarios/store_sales/scenario.json --out /tmp/store_sales");
    arguments.word("SCENARIO", true)
        .option("out", "DIR", "the run's folder; must be new or empty")
        .option("seed", "N", "instead of the scenario's seed")
        .option("jobs", "N", "trials at once; one a core unless stated. Never changes the result")
        .option("threads-per-trial", "N",
                "engine threads; more than 1 makes the result approximate")
        .option("with-checks", "FILE",
                "checks to add to the scenario's, such as the guards.json of an earlier run; the "
                "scenario that was run is kept as DIR/scenario.json")
        .flag("quiet", "no progress and no report; the exit code and the files say it all")
        .flag("json", "result.json on standard output instead of the report")
        .option("plugin-path", "DIR", "a folder with plugins; may be given several times", true);
    if (!arguments.parse(words)) return exit_held;
    // Before anything that takes time: a mistake here must not cost a run.
    run::RunOptions options;
    options.jobs = static_cast<unsigned>(arguments.whole("jobs", 1, 1024).value_or(0));
    options.threads_per_trial =
        static_cast<unsigned>(arguments.whole("threads-per-trial", 1, 1024).value_or(1));
    const auto seed = arguments.whole("seed", 0, INT64_MAX);
    std::filesystem::path& out = options.out;
    out = arguments.text("out");
    if (arguments.has("out")) {
        if (out.empty()) throw Error(ErrorKind::user, "--out names no folder");
        refuse_used_folder(out);
    }
    const plugin::Registry registry = plugin::discover(arguments.paths("plugin-path"));
    const bool numbered = out.empty();
    fs::path scenario = arguments.text("SCENARIO");
    std::optional<WrittenScenario> written;
    if (arguments.has("with-checks")) {
        const model::Json checks = checks_in(arguments.text("with-checks"));
        const model::Scenario read = model::read_scenario(scenario);
        if (numbered) out = next_run_folder(read);
        written.emplace(with_checks(read.document, checks, read.folder / read.pipeline, out), out);
        scenario = written->file();
    }
    const run::Experiment experiment = run::load_experiment(scenario, registry, seed);
    if (out.empty()) out = next_run_folder(experiment.scenario);

    const journal::Journal journal = execute(experiment, options, arguments.on("quiet"));
    const findings::Result result = findings::conclude(journal);
    const std::string document =
        findings::to_json(result).dump(2, ' ', false, model::Json::error_handler_t::replace) + "\n";
    write_whole(out / "result.json", document);
    write_reports(out, result);
    if (!result.guards.proposed.empty())
        write_whole(out / "guards.json", findings::guards_document(result.guards).dump(
                                             2, ' ', false,
                                             model::Json::error_handler_t::replace) +
                                             "\n");
    if (written) written->keep();
    if (numbered) point_latest_to(out);
    if (arguments.on("json")) {
        print(document);
    } else if (!arguments.on("quiet")) {
        report::TerminalStyle style = style_of_stdout();
        style.folder = out.string();
        print(report::terminal_report(result, style));
    }
    return findings::exit_code(result);
}

const Registration registration({"run", "run a scenario and report what it found", command});

}  // namespace
}  // namespace faultline::cli
