#include "laboratory.h"

#include <unistd.h>

#include <atomic>
#include <fstream>

#include "run/baseline.h"
#include "run/workers.h"

namespace faultline::run {

Laboratory::Laboratory(const std::string& pipeline, const std::string& scenario) {
    static std::atomic<unsigned> count{0};
    folder_ = std::filesystem::temp_directory_path() /
              ("faultline-run-" + std::to_string(getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "pipeline.json") << pipeline;
    std::string text = scenario;
    if (text.find("\"profile\"") == std::string::npos)
        text.insert(text.find('{') + 1, R"("profile": 0, )");
    std::ofstream(folder_ / "scenario.json") << text;
}

Laboratory::~Laboratory() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

Experiment Laboratory::load() const {
    return load_experiment(scenario(), built_in_plugins(), std::nullopt);
}

journal::Journal Laboratory::run(unsigned jobs) {
    RunOptions options;
    options.out = folder_ / ("out" + std::to_string(runs_++));
    options.jobs = jobs;
    return execute(load(), options);
}

const plugin::Registry& built_in_plugins() {
    static const plugin::Registry registry = [] {
        plugin::Registry made;
        made.load_folder(std::filesystem::path(FAULTLINE_BINARY_DIR) / "lib/faultline/plugins",
                         true);
        return made;
    }();
    return registry;
}

std::vector<journal::TrialRecord> records_of(const Experiment& experiment, const BaseRun& base,
                                             const std::vector<design::Trial>& trials) {
    const Baseline baseline = make_baseline(experiment, base, base);
    plugin::Measures measures;
    std::vector<journal::TrialRecord> records(trials.size());
    run_block(experiment, base, baseline, measures, trials, std::vector<bool>(trials.size(), false),
              1, nullptr,
              [&](std::size_t i, const journal::TrialRecord& record) { records[i] = record; });
    return records;
}

std::string lines_of(const journal::Journal& journal) {
    std::string text;
    for (auto trial : journal.trials) {
        trial.milliseconds = 0;
        trial.node_milliseconds.clear();
        text += journal::to_json(trial).dump() + "\n";
    }
    return text;
}

std::optional<double> value_of(const journal::Journal& journal, const journal::TrialRecord& trial,
                               const std::string& metric, const std::string& segment) {
    for (std::size_t s = 0; s < journal.base->series.size(); ++s)
        if (journal.base->series[s].metric == metric &&
            journal.base->series[s].segment.dump() == segment)
            return trial.values.at(s);
    return std::nullopt;
}

}  // namespace faultline::run
