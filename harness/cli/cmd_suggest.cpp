#include <fmt/format.h>

#include <limits>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/documents.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/write_file.h"
#include "core/error.h"
#include "suggest/suggest.h"

namespace faultline::cli {
namespace {

namespace fs = std::filesystem;

/// Whoever has edited a scenario would not want it written anew.
void refuse_existing(const fs::path& file) {
    if (fs::exists(file))
        throw Error(ErrorKind::user,
                    fmt::format("suggest: {} is there already, and nothing is overwritten: name "
                                "another file, or remove it",
                                file.string()));
}

int suggest_command(const std::vector<std::string>& words) {
    Arguments arguments(
        "suggest", "suggest PIPELINE [options]",
        "Writes a starter scenario for a pipeline: for every source the faults that fit its "
        "columns,\n"
        "at doses taken from the data, each tried on it; metrics of the outputs, and checks that "
        "hold\n"
        "today. It is JSON with comments that say why. The pipeline is run once to look at its "
        "data.\n"
        "Without --out it is printed, to be kept in the current folder.",
        "faultline suggest pipeline.json > scenario.json && faultline run scenario.json --out out");
    arguments.word("PIPELINE", true)
        .option("out", "FILE", "instead of standard output; must not exist yet")
        .option("seed", "N", "the scenario's seed; 1 unless stated")
        .option("plugin-path", "DIR", "a folder with plugins; may be given several times", true);
    if (!arguments.parse(words)) return exit_held;
    const fs::path out = arguments.text("out");
    if (arguments.has("out")) refuse_existing(out);
    const plugin::Registry registry = plugin::discover(arguments.paths("plugin-path"));
    const InterruptGuard interrupt;
    suggest::Options options;
    options.folder = arguments.has("out") ? out.parent_path() : fs::path();
    options.stop = &interrupt.flag();
    if (const auto seed = arguments.whole("seed", 0, std::numeric_limits<std::uint64_t>::max()))
        options.seed = *seed;
    const std::string text =
        suggest::starter_scenario(pipeline_of(arguments.text("PIPELINE")), registry, options);
    if (arguments.has("out")) {
        write_whole(out, text);
    } else {
        print(text);
    }
    return exit_held;
}

const Registration suggest_registration({"suggest", "write a starter scenario for a pipeline",
                                         suggest_command});

}  // namespace
}  // namespace faultline::cli
