#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "design/design.h"
#include "run/base_run.h"
#include "run/shared_results.h"

namespace faultline::run {

/// How much of the store may hold results that are kept for a later trial.
struct ShareBudget {
    std::uint64_t bytes = 0;
};
/// A quarter of the scenario's memory limit, or 1 GiB where it states none: a number that is the
/// same on every machine, since what is executed is part of the result.
ShareBudget share_budget(const Experiment& experiment);

/// How many trials are planned together: as many as keep the plans of a large DAG small.
std::size_t window_size(const Experiment& experiment);

/// Consecutive trials of one block, planned together, so that a result which several of them need
/// is computed once (content-addressed: equal addresses, equal rows). Depends on documents and
/// content alone. All but `results` is immutable after construction and shared by all threads.
///
/// What is shared: results read by more than one other result or question over all trials of the
/// window (what has one reader is fused into it, and the reader is shared); every perturbed form of
/// an intermediate result that differs from the base's (keying it costs more than the fault); and
/// the answers of metrics and checks. What descends from a disturbed execution is never shared:
/// its waiting is the point.
class Window {
  public:
    struct Planned {
        design::Trial trial;
        TrialPlan plan;
        Work work;
        std::vector<std::string> expects;  ///< of `results`, to be released when it has ended
    };

    /// The base as far as planning needs it; borrowed, outlives the window.
    struct Ground {
        const TrialPlan& plan;
        const std::vector<bool>& needed;
        const std::vector<std::uint64_t>& bytes;  ///< by node, of its result
        const std::vector<bool>& timed;           ///< by node: its time is part of some metric
        const ColumnLineage* lineage = nullptr;   ///< null: not known
    };

    /// `first` and `last` are positions in `block`.
    Window(const Experiment& experiment, const Ground& base,
           const std::vector<design::Trial>& block, std::size_t first, std::size_t last);
    /// `base` is borrowed and outlives the window.
    Window(const Experiment& experiment, const BaseRun& base,
           const std::vector<design::Trial>& block, std::size_t first, std::size_t last)
        : Window(experiment,
                 Ground{base.plan(), base.needed(), base.bytes(), base.timed(), base.lineage()},
                 block, first, last) {}

    [[nodiscard]] std::size_t size() const { return trials_.size(); }
    [[nodiscard]] const Planned& at(std::size_t i) const { return trials_[i]; }
    [[nodiscard]] SharedResults& results() const { return results_; }

  private:
    std::vector<Planned> trials_;
    mutable SharedResults results_;
};

}  // namespace faultline::run
