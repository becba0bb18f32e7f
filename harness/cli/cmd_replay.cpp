#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/row_preview.h"
#include "cli/run_folder.h"
#include "core/error.h"
#include "journal/records.h"
#include "report/display_text.h"
#include "report/numbers.h"
#include "run/execute.h"

namespace faultline::cli {
namespace {

namespace fs = std::filesystem;

void refuse_changed(const journal::Header& header, const run::Experiment& experiment) {
    const auto refuse = [](const fs::path& file) {
        throw Error(
            ErrorKind::user,
            fmt::format(
                "{} has changed since the run: its trials cannot be replayed; put the document "
                "back as it was, or run the scenario again",
                file.string()));
    };
    if (header.scenario != experiment.scenario.document) refuse(experiment.scenario.file);
    if (header.pipeline != experiment.workflow.pipeline.document)
        refuse(experiment.workflow.pipeline.file);
}

/// What happened in the trial when it first ran.
std::string told(const journal::TrialRecord& trial) {
    std::string text = fmt::format("trial {}: {}", trial.number, journal::name_of(trial.outcome));
    std::string faults;
    for (const auto& [id, severity] : trial.severities)
        faults += fmt::format("{}{} at severity {}", faults.empty() ? "" : ", ", id,
                              report::number(severity));
    text +=
        fmt::format("; {}, replicate {}", faults.empty() ? "no fault" : faults, trial.replicate);
    if (trial.failure)
        text += fmt::format("; at node {} ({}): {}", trial.failure->node, trial.failure->stage,
                            trial.failure->message);
    return report::shown(text) + "\n";
}

/// Pairs of what was written: perturbed beside base, outputs beside base_outputs.
std::string previews(const std::vector<std::string>& written, const fs::path& to) {
    const report::TerminalStyle style = style_of_stdout();
    std::string text;
    for (const auto& file : written) {
        for (const auto& [after, before] :
             {std::pair("perturbed/", "base/"), std::pair("outputs/", "base_outputs/")}) {
            if (!file.starts_with(after)) continue;
            const std::string other = before + file.substr(std::string(after).size());
            if (std::find(written.begin(), written.end(), other) == written.end()) continue;
            text +=
                "\n" + report::shown(file) + "\n" + row_preview(to / other, to / file, style.width);
        }
    }
    return text;
}

int replay_command(const std::vector<std::string>& words) {
    Arguments arguments(
        "replay", "replay TRIAL --from DIR [options]",
        "Runs one trial of a run again and writes what it saw as files to look at: the perturbed\n"
        "relations beside the unperturbed ones, the outputs beside the base's, and the SQL. Shows\n"
        "the first rows that differ.",
        "faultline replay 37 --from /tmp/store_sales");
    arguments.word("TRIAL", true)
        .option("from", "DIR", "the run's folder")
        .option("to", "DIR2", "where to write; DIR/replay-TRIAL unless stated")
        .option("scenario", "FILE",
                "where the scenario lies now, if the run was started from elsewhere")
        .flag("json", "the trial and the files written, for programs")
        .option("plugin-path", "DIR", "a folder with plugins; may be given several times", true);
    if (!arguments.parse(words)) return exit_held;
    const std::uint64_t number = *arguments.whole("TRIAL", 0, UINT64_MAX);
    if (!arguments.has("from"))
        throw Error(ErrorKind::user, "replay: --from is missing: the folder of the run");
    const fs::path from = arguments.text("from");
    const fs::path to = arguments.has("to") ? fs::path(arguments.text("to"))
                                            : from / fmt::format("replay-{}", number);
    if (arguments.has("to")) refuse_used_folder(to);

    const journal::Journal journal = journal::read(from);
    const auto trial = std::find_if(journal.trials.begin(), journal.trials.end(),
                                    [&](const auto& record) { return record.number == number; });
    if (trial == journal.trials.end())
        throw Error(ErrorKind::user,
                    fmt::format("{} has no trial {}; it has {}", from.string(), number,
                                report::count(journal.trials.size(), "trial")));
    const fs::path scenario = arguments.has("scenario") ? fs::path(arguments.text("scenario"))
                                                        : fs::path(journal.header.scenario_path);
    if (std::error_code unreadable; !fs::exists(scenario, unreadable))
        throw Error(ErrorKind::user,
                    fmt::format("the scenario of the run, {}, is not there; say where it is with "
                                "--scenario",
                                scenario.string()));
    const plugin::Registry registry = plugin::discover(arguments.paths("plugin-path"));
    const run::Experiment experiment =
        run::load_experiment(scenario, registry, journal.header.seed);
    refuse_changed(journal.header, experiment);

    if (!arguments.has("to")) fs::remove_all(to);  // an earlier replay of the same trial, and ours
    const std::vector<std::string> written = run::replay(experiment, journal, number, to);
    if (arguments.on("json")) {
        const model::Json document = {
            {"trial", journal::to_json(*trial)}, {"folder", to.string()}, {"files", written}};
        print(document.dump(2, ' ', false, model::Json::error_handler_t::replace) + "\n");
        return exit_held;
    }
    std::string text = told(*trial) + previews(written, to) + "\nwritten below " +
                       report::shown(to.string()) + ":\n";
    for (const auto& file : written) text += "  " + report::shown(file) + "\n";
    print(text);
    return exit_held;
}

const Registration replay_registration({"replay", "run one trial again and write what it saw",
                                        replay_command});

}  // namespace
}  // namespace faultline::cli
