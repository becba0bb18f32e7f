#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "run/questions.h"
#include "run/trial_plan.h"

namespace faultline::run {

/// Which columns of each step's result any metric, check or perturbation can come to see. A result
/// that a statement holds on to for several readers carries those alone; in place of the others
/// stand NULLs of their type, which nobody reads. Only columns that a step hands on as it read them
/// are left out; what it computes it computes, so that it fails where it would. Immutable, shared
/// by all threads.
///
/// Holds for what has the base's columns: faults that change a schema are another pipeline to the
/// planner, and a trial with one carries everything.
class NeededColumns {
  public:
    /// Nothing is left out.
    NeededColumns() = default;
    /// Follows readers upwards from the questions. Costs a planned statement a node.
    NeededColumns(const Experiment& experiment, const std::vector<bool>& needed,
                  const std::vector<engine::Schema>& columns, const engine::Dialect& dialect);

    [[nodiscard]] bool narrows(NodeIndex node) const {
        return node < kept_.size() && kept_[node].has_value();
    }
    /// Of a SELECT of the node's result, the columns that are needed.
    [[nodiscard]] std::string narrowed(NodeIndex node, const std::string& select) const;
    /// All of its columns again, from a relation of those.
    [[nodiscard]] std::string widened(NodeIndex node, const std::string& from) const;

  private:
    struct Kept {
        std::string narrow, wide;  ///< lists of columns
    };
    std::vector<std::optional<Kept>> kept_;
};

}  // namespace faultline::run
