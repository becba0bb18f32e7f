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

/// A pipeline by itself is an experiment that perturbs and measures nothing.
run::Experiment experiment_of(const std::filesystem::path& file, const plugin::Registry& registry) {
    if (kind_of(file) == DocumentKind::scenario)
        return run::load_experiment(file, registry, std::nullopt);
    return {{}, run::load_workflow(file), {}, {}, {}, {}, {}, {}, {}};
}

/// What a person reads when all is well.
std::string validate(const Arguments& arguments) {
    const plugin::Registry registry = plugin::discover(arguments.paths("plugin-path"));
    const run::Experiment experiment = experiment_of(arguments.text("DOCUMENT"), registry);
    const bool with_data = !arguments.on("no-data");
    if (with_data) run::check_with_data(experiment);
    for (const auto& warning : experiment.warnings) complain("warning: " + warning);
    const bool scenario = !experiment.scenario.file.empty();
    return (scenario ? summary_of(experiment) + "\n" : "") + summary_of(experiment.workflow) +
           "\n" +
           (with_data ? "valid, with its data\n" : "valid; the data has not been looked at\n");
}

int validate_command(const std::vector<std::string>& words) {
    Arguments arguments(
        "validate", "validate SCENARIO|PIPELINE [options]",
        "Reads a document and everything it names and says all that is wrong with it. The data is\n"
        "read too, and every step, metric, check and perturbation is bound to its columns; no "
        "step\n"
        "is run.",
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

const Registration validate_registration({"validate",
                                          "say all that is wrong with a scenario or a pipeline",
                                          validate_command});

}  // namespace
}  // namespace faultline::cli
