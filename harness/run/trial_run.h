#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/stop.h"
#include "journal/records.h"
#include "run/window.h"

namespace faultline::run {

/// The base's answers arranged for comparing: what findings and outcomes are measured from.
struct Baseline {
    journal::Base record;
    std::vector<std::size_t> metric_of;            ///< by series: position in Scenario::metrics
    std::map<std::string, std::size_t> series_at;  ///< series_key → position
    std::vector<std::optional<double>>
        tolerances;  ///< by series, effective; nullopt: none can be said
};

/// Runs trials one after another on a connection of its own. Used by one thread.
class TrialRunner {
  public:
    /// All arguments are borrowed and outlive the runner; `measures` is shared between runners.
    TrialRunner(const Experiment& experiment, const BaseRun& base, const Baseline& baseline,
                plugin::Measures& measures, const StopFlag* stop);

    /// Throws Error(cancelled) when `stop` ended it, Error(user) for a scenario that cannot be
    /// applied, Error(internal) for the harness's own failures. Everything else is an outcome.
    journal::TrialRecord run(const Window& window, std::size_t trial);
    /// Whether the last trial crashed because there was no more memory: with others beside it, that
    /// says nothing of it.
    [[nodiscard]] bool starved() const { return starved_; }
    /// The trial once more, while no other one runs: node by node, with nothing of the others'.
    journal::TrialRecord run_alone(const Window& window, std::size_t trial);

  private:
    [[nodiscard]] journal::TrialRecord begun(const Window::Planned& planned) const;
    /// False where only a pass node by node can say what went wrong.
    bool attempt(const Window& window, const Window::Planned& planned, bool stepwise,
                 journal::TrialRecord& record);

    const Experiment& experiment_;
    const BaseRun& base_;
    const Baseline& baseline_;
    plugin::Measures& measures_;
    const StopFlag* stop_;
    std::unique_ptr<engine::Connection> connection_;
    bool starved_ = false;
};

/// Outcome from what a finished trial saw: out of tolerance or not, a check fired or not.
journal::Outcome outcome_of(const Baseline& baseline, const journal::TrialRecord& record);

}  // namespace faultline::run
