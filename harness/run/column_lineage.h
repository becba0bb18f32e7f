#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "run/experiment.h"

namespace faultline::engine {
class ColumnReads;
}

namespace faultline::run {

/// In which columns a relation of a trial may differ from the base's. Where it is not all of it,
/// there are as many rows, in the same order, and the other columns have the same values.
struct ChangedColumns {
    bool all = false;               ///< rows, order, anything
    std::set<std::string> columns;  ///< where not all
    [[nodiscard]] bool any() const { return all || !columns.empty(); }
    void add(const ChangedColumns& other);
};

/// Which columns of each step come from which columns of its inputs, as far as that spares work: a
/// step that reads no changed column is not run again, and of one that only hands changed columns
/// on, those alone are changed that are made of them.
///
/// Sound by construction: a step's columns are taken for unchanged where the engine's planner needs
/// no changed column to make them (WHERE, JOIN, GROUP BY, DISTINCT, ORDER BY, LIMIT, windows and
/// set operations read what they depend on for every column), and only if the changed ones cannot
/// fail to be computed, since nobody may ask for them. Everything that is not known changes
/// everything: programs, volatile functions, texts that the planner does not explain, faults of
/// files, of executions and of schemas. What is measured in time is never spared.
///
/// Immutable, shared by all threads.
class ColumnLineage {
  public:
    /// Knows nothing: every change is one of everything.
    ColumnLineage() = default;
    /// Looks at the steps below faults that keep rows, order and schema. Costs a planned statement
    /// a step, and one more a column where changed columns are read. `columns` and `timed` by node.
    ColumnLineage(const Experiment& experiment, const std::vector<bool>& needed,
                  const std::vector<engine::Schema>& columns, const std::vector<bool>& timed,
                  const engine::Dialect& dialect);

    /// What a fault changes of the relation that it acts on.
    [[nodiscard]] ChangedColumns by_fault(std::size_t perturbation) const;
    /// Whether `step` may come out otherwise when this much of `input` is changed.
    [[nodiscard]] bool reads(graph::NodeIndex step, graph::NodeIndex input,
                             const ChangedColumns& changed) const;
    using Arriving = std::map<graph::NodeIndex, ChangedColumns>;  ///< by input: what it reads of it
    [[nodiscard]] ChangedColumns of_step(graph::NodeIndex step, const Arriving& arriving) const;
    [[nodiscard]] bool metrics_see(std::size_t group, const ChangedColumns& changed) const;
    [[nodiscard]] bool check_sees(std::size_t check, graph::NodeIndex node,
                                  const ChangedColumns& changed) const;

  private:
    using Read = std::map<graph::NodeIndex, std::set<std::string>>;  ///< by input
    struct Column {
        std::string name;
        Read from;          ///< what it takes to have this column of every row
        bool sure = false;  ///< computing it never fails
    };
    struct Step {
        Read reads;
        std::vector<Column> columns;  ///< empty: not looked at, since none was needed
        bool whole = false;           ///< its columns cannot be told apart
    };
    class Maker;

    std::vector<std::optional<std::set<std::string>>> targets_;  ///< by perturbation
    std::map<graph::NodeIndex, Step> steps_;
    std::map<std::size_t, Read> metrics_, checks_;  ///< by group, by check
};

}  // namespace faultline::run
