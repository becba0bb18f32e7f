#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/documents.h"
#include "cli/failure.h"
#include "cli/output.h"
#include "design/design.h"
#include "report/numbers.h"
#include "run/experiment.h"

namespace faultline::cli {
namespace {

std::string summary_of(const run::Workflow& workflow) {
    const auto& pipeline = workflow.pipeline;
    std::size_t sources = 0, edges = 0;
    for (graph::NodeIndex node = 0; node < pipeline.nodes.size(); ++node) {
        if (pipeline.nodes[node].kind == model::NodeKind::source) ++sources;
        edges += workflow.dag.inputs(node).size();
    }
    return fmt::format("pipeline \"{}\": {} ({}), {}, {}", pipeline.name,
                       report::count(pipeline.nodes.size(), "node"),
                       report::count(sources, "source"), report::count(edges, "edge"),
                       report::count(pipeline.outputs.size(), "output"));
}

std::string summary_of(const run::Experiment& experiment) {
    const auto& scenario = experiment.scenario;
    const auto design =
        design::make_design(scenario.design, experiment.factors, scenario.file.string());
    const auto trials = design->size();
    return fmt::format(
        "scenario \"{}\": {}, {}, {}, {}", scenario.title,
        report::count(scenario.perturbations.size(), "perturbation"),
        report::count(scenario.metrics.size(), "metric"),
        report::count(experiment.checks.size(), "check"),
        trials ? report::count(*trials, "trial") : "trials as the results ask for them");
}

/// What a person reads when all is well.
std::string validate(const Arguments& arguments) {
    const std::filesystem::path file = arguments.text("DOCUMENT");
    const plugin::Registry registry = plugin::discover(arguments.paths("plugin-path"));
    if (kind_of(file) == DocumentKind::pipeline) {
        const run::Workflow workflow = run::load_workflow(file);
        return summary_of(workflow) + "\nvalid; the data is read when a scenario is validated\n";
    }
    const run::Experiment experiment = run::load_experiment(file, registry, std::nullopt);
    const bool with_data = !arguments.on("no-data");
    if (with_data) run::check_with_data(experiment);
    for (const auto& warning : experiment.warnings) complain("warning: " + warning);
    return summary_of(experiment) + "\n" + summary_of(experiment.workflow) + "\n" +
           (with_data ? "valid, with its data\n" : "valid; the data has not been looked at\n");
}

int command(const std::vector<std::string>& words) {
    Arguments arguments(
        "validate", "validate SCENARIO|PIPELINE [options]",
        "Reads a document and everything it names and says all that is wrong with it. For a\n"
        "scenario the data is read too, and every step, metric, check and perturbation is bound\n"
        "to its columns; no step is run.",
        "faultline validate scenarios/store_sales/scenario.json");
    arguments.word("DOCUMENT", true)
        .flag("no-data", "look at the documents alone")
        .flag("json", "problems as a JSON array on standard output; empty when there are none")
        .option("plugin-path", "DIR", "a folder with plugins; may be given several times", true);
    if (!arguments.parse(words)) return exit_held;
    if (!arguments.on("json")) {
        print(validate(arguments));
        return exit_held;
    }
    std::string found = "[]\n";
    int code = exit_held;
    try {
        (void)validate(arguments);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::internal || error.kind() == ErrorKind::cancelled) throw;
        found = problems_as_json(error).dump(2, ' ', false, model::Json::error_handler_t::replace) +
                "\n";
        code = exit_bad_input;
    }
    print(found);
    return code;
}

const Registration registration({"validate", "say all that is wrong with a scenario or a pipeline",
                                 command});

}  // namespace
}  // namespace faultline::cli
