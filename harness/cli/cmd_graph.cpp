#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/documents.h"
#include "cli/output.h"
#include "cli/write_file.h"
#include "core/error.h"
#include "graph/dag.h"
#include "run/workflow.h"

namespace faultline::cli {
namespace {

int graph_command(const std::vector<std::string>& words) {
    Arguments arguments(
        "graph", "graph PIPELINE|SCENARIO [options]",
        "The pipeline's graph, coloured by owner, with the single points of failure of each "
        "output.",
        "faultline graph scenarios/store_sales/pipeline.json --format svg --out graph.svg");
    arguments.word("DOCUMENT", true)
        .option("format", "FORMAT", "dot (the default), svg (drawn by Graphviz) or json")
        .flag("json", "the same as --format json")
        .option("out", "FILE", "instead of standard output");
    if (!arguments.parse(words)) return exit_held;
    const std::string format = arguments.on("json")      ? "json"
                               : arguments.has("format") ? arguments.text("format")
                                                         : "dot";
    if (const std::vector<std::string> known{"dot", "svg", "json"};
        std::find(known.begin(), known.end(), format) == known.end()) {
        const std::string nearest = nearest_name(format, known);
        throw Error(
            ErrorKind::user,
            fmt::format("graph: --format is \"{}\", expected dot, svg or json{}", format,
                        nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest)));
    }
    const run::Workflow workflow = run::load_workflow(pipeline_of(arguments.text("DOCUMENT")));
    std::string drawing = format == "json" ? graph::to_json(workflow.pipeline, workflow.dag)
                                           : graph::to_dot(workflow.pipeline, workflow.dag);
    if (format == "svg") drawing = graph::to_svg(drawing);
    if (arguments.has("out")) {
        write_whole(arguments.text("out"), drawing);
    } else {
        print(drawing);
    }
    return exit_held;
}

const Registration graph_registration({"graph", "draw the pipeline: dot, svg or json",
                                       graph_command});

}  // namespace
}  // namespace faultline::cli
