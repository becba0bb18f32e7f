#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "run/questions.h"
#include "run/trial_plan.h"

namespace faultline::run {

/// Which columns of each step's result any metric, check or perturbation can come to see. A result
/// that is held on to, by a statement for several of its parts or as a table, carries those alone;
/// in place of the others stand NULLs of their type, which nobody reads. Only columns that a step
/// hands on as it read them are left out; what it computes it computes, so that it fails where it
/// would. Immutable, shared by all threads.
///
/// Holds for what has the base's columns: faults that change a schema are another pipeline to the
/// planner. A trial with one carries everything in its own statement; tables, which any trial may
/// come to read, carry everything that is read beside what may have other columns in some trial.
class NeededColumns {
  public:
    /// Nothing is left out.
    NeededColumns() = default;
    /// Follows readers upwards from the questions. Costs a planned statement a node. `unsteady`:
    /// nodes that may hand on other columns than the base's; whoever reads one of them is taken to
    /// read all of everything.
    NeededColumns(const Experiment& experiment, const std::vector<bool>& needed,
                  const std::vector<engine::Schema>& columns, const engine::Dialect& dialect,
                  const std::vector<bool>& unsteady);

    [[nodiscard]] bool narrows(NodeIndex node) const {
        return node < kept_.size() && kept_[node].has_value();
    }
    /// Those of `columns`, the node's, that are needed.
    [[nodiscard]] engine::Schema of(NodeIndex node, const engine::Schema& columns) const;
    /// Of a SELECT of the node's result, the columns that are needed.
    [[nodiscard]] std::string narrowed(NodeIndex node, const std::string& select) const;
    /// All of its columns again, from a relation of those.
    [[nodiscard]] std::string widened(NodeIndex node, const std::string& from) const;

  private:
    struct Kept {
        std::string narrow, wide;  ///< lists of columns
        std::set<std::string> names;
    };
    std::vector<std::optional<Kept>> kept_;
};

/// By node: whether what it hands on may have other columns in some trial than in the base: a
/// program's, a site's whose faults change a schema or damage a file where those are `counted`, and
/// what descends from either.
std::vector<bool> unsteady_nodes(const Experiment& experiment, bool counted);

}  // namespace faultline::run
