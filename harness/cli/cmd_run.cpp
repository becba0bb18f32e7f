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
    ProgressLine line(stderr_is_terminal() && !quiet);
    options.progress = [&](const run::Progress& progress) { line.update(progress); };
    options.note = [&](const std::string& sentence) {
        if (quiet) return;
        line.erase();
        complain(sentence);
    };
    try {
        return run::execute(experiment, options);
    } catch (const Error& error) {
        // The machine's doing, such as a full disk: the trials that are recorded are still good.
        std::error_code none;
        if (error.kind() != ErrorKind::internal || !fs::exists(options.out / "journal.jsonl", none))
            throw;
        throw Error(ErrorKind::internal, std::string(error.what()) +
                                             "; what is finished is kept, and with that mended "
                                             "--resume --out " +
                                             options.out.string() + " goes on with it");
    }
}

run::RunOptions options_of(const Arguments& arguments, const StopFlag& stop) {
    run::RunOptions options;
    options.stop = &stop;
    options.jobs = static_cast<unsigned>(arguments.whole("jobs", 1, 1024).value_or(0));
    options.threads_per_trial =
        static_cast<unsigned>(arguments.whole("threads-per-trial", 1, 1024).value_or(0));
    options.deadline = arguments.duration("deadline");
    options.resume = arguments.on("resume");
    options.out = arguments.text("out");
    if (arguments.has("out")) {
        if (options.out.empty()) throw Error(ErrorKind::user, "--out names no folder");
        if (options.resume) {
            refuse_foreign_folder(options.out);
        } else {
            refuse_used_folder(options.out);
        }
    } else if (options.resume) {
        throw Error(ErrorKind::user,
                    "--resume goes on with the run in a folder: name it with "
                    "--out");
    }
    return options;
}

int run_command(const std::vector<std::string>& words) {
    Arguments arguments(
        "run", "run SCENARIO [--out DIR] [options]",
        "Runs the scenario and reports: DIR/journal.jsonl is the record of every trial,\n"
        "DIR/result.json what follows from it, DIR/report.html, report.md and junit.xml say it to\n"
        "people and to CI, and a short report goes to standard output.\n"
        "Without --out the run goes to runs/<title>/<number>, and runs/<title>/latest points to\n"
        "it. The exit code is the verdict: 0 held, 1 deviated, 2 unknown. Interrupted, by a "
        "signal\n"
        "or its deadline, it reports what is finished and exits with 130; --resume goes on with\n"
        "it, or with a run that was killed.",
        "faultline run scenarios/store_sales/scenario.json --out /tmp/store_sales\n"
        "  faultline run scenarios/store_sales/scenario.json --out /tmp/store_sales --resume");
    arguments.word("SCENARIO", true)
        .option("out", "DIR", "the run's folder; must be new or empty unless resumed")
        .flag("resume",
              "go on with the run in --out: no finished trial is run again, and the result is "
              "the same as if it had never been cut off. Begins the run where there is none; "
              "refuses where anything has changed that decides the result")
        .option("deadline", "TIME",
                "stop after this long (\"90s\", \"30m\", \"2h\") instead of the scenario's "
                "limits.deadline; a resumed run counts from its resumption")
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
    const InterruptGuard interrupt;
    // Before anything that takes time: a mistake here must not cost a run.
    run::RunOptions options = options_of(arguments, interrupt.flag());
    const auto seed = arguments.whole("seed", 0, INT64_MAX);
    const plugin::Registry registry = plugin::discover(arguments.paths("plugin-path"));
    const bool numbered = options.out.empty();
    fs::path scenario = arguments.text("SCENARIO");
    std::optional<WrittenScenario> written;
    if (arguments.has("with-checks")) {
        const model::Json checks = checks_in(arguments.text("with-checks"));
        const model::Scenario read = model::read_scenario(scenario);
        if (numbered) options.out = next_run_folder(read);
        written.emplace(
            with_checks(read.document, checks, read.folder / read.pipeline, options.out),
            options.out);
        scenario = written->file();
    }
    const run::Experiment experiment = run::load_experiment(scenario, registry, seed);
    if (options.out.empty()) options.out = next_run_folder(experiment.scenario);
    const fs::path& out = options.out;
    // Held until the result is written: nobody else's may come in between.
    const journal::FolderLock lock(out);
    options.lock = &lock;

    const journal::Journal journal = execute(experiment, options, arguments.on("quiet"));
    const findings::Result result = findings::conclude(journal);
    const std::string document =
        findings::to_json(result).dump(2, ' ', false, model::Json::error_handler_t::replace) + "\n";
    write_whole(out / "result.json", document);
    write_reports(out, result);
    if (!result.guards.proposed.empty())
        write_whole(out / "guards.json",
                    findings::guards_document(result.guards)
                            .dump(2, ' ', false, model::Json::error_handler_t::replace) +
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

const Registration run_registration({"run", "run a scenario and report what it found",
                                     run_command});

}  // namespace
}  // namespace faultline::cli
