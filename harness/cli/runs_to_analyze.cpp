#include "cli/runs_to_analyze.h"

#include <fmt/format.h>

#include "core/error.h"
#include "findings/given_runs.h"

namespace faultline::cli {

RunsToAnalyze read_run(const std::filesystem::path& run, const std::string& method) {
    if (method != "src" && method != "prcc" && method != "rank_sobol" && method != "hsic")
        throw Error(ErrorKind::user,
                    fmt::format("analyze: {} needs a design of its own, with its outputs in a "
                                "second file; of the runs in {} can be had src, prcc, rank_sobol "
                                "and hsic, and what the run's own method says is in its "
                                "result.json",
                                method, run.string()));
    const bool folder = std::filesystem::is_directory(run);
    auto given = findings::given_runs(journal::read(folder ? run : run.parent_path()));
    if (method == "rank_sobol" && !given.random)
        throw Error(ErrorKind::user,
                    "analyze: rank_sobol needs severities drawn from the whole of 0 to 1, and this "
                    "run sets them to a few levels; src, prcc and hsic take those");
    return {{std::move(given.factors), std::move(given.inputs)},
            {std::move(given.outputs), std::move(given.values)}};
}

}  // namespace faultline::cli
