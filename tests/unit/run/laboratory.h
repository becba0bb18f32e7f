#pragma once

#include <filesystem>
#include <string>

#include "journal/records.h"
#include "plugin/registry.h"
#include "run/base_run.h"
#include "run/execute.h"

namespace faultline::run {

/// A folder with a pipeline and a scenario in it, loaded with the built-in plugins; gone with the
/// object. Trials are run again for profiles only where the scenario says how many: that takes
/// longer than they did.
class Laboratory {
  public:
    Laboratory(const std::string& pipeline, const std::string& scenario);
    ~Laboratory();
    Laboratory(const Laboratory&) = delete;
    Laboratory& operator=(const Laboratory&) = delete;

    [[nodiscard]] std::filesystem::path folder() const { return folder_; }
    [[nodiscard]] std::filesystem::path scenario() const { return folder_ / "scenario.json"; }
    [[nodiscard]] Experiment load() const;
    /// Runs everything into a fresh folder.
    [[nodiscard]] journal::Journal run(unsigned jobs = 2);

  private:
    std::filesystem::path folder_;
    unsigned runs_ = 0;
};

const plugin::Registry& built_in_plugins();

/// What trials of an experiment leave behind, one after another, in their order.
std::vector<journal::TrialRecord> records_of(const Experiment& experiment, const BaseRun& base,
                                             const std::vector<design::Trial>& trials);

/// The trials of a journal as text, without what was measured in time: the same for the same run.
std::string lines_of(const journal::Journal& journal);

/// The value of a series in a trial, by metric and segment text ("null" for none).
std::optional<double> value_of(const journal::Journal& journal, const journal::TrialRecord& trial,
                               const std::string& metric, const std::string& segment = "null");

}  // namespace faultline::run
