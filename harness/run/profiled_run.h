#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "journal/records.h"
#include "run/column_facts.h"
#include "run/column_lineage.h"
#include "run/node_questions.h"
#include "run/profiler.h"

namespace faultline::run {

/// One run that is profiled: the base, a trial, or the base without a part of its data. A number
/// that is known of a column with the same values, in the base or in a node that was looked at
/// before, is not asked again. Used by one thread; borrows everything.
class ProfiledRun {
  public:
    /// `select` gives the SELECT of what a node hands on in this run.
    ProfiledRun(const Profiler& profiler, engine::Connection& connection,
                std::function<std::string(NodeIndex)> select);

    /// Leaves out what is only ever demanded to be zero (keys that repeat, unknown values,
    /// orphans): of the unperturbed data nothing is learnt from it.
    void only_what_moves() { only_what_moves_ = true; }
    /// The statistics of `select`, which stands for what `node` hands on; only that it is the same
    /// where its rows are the base's. `changed`: in what it may differ. Questions that fail (a type
    /// that changed) are left out.
    [[nodiscard]] journal::NodeProfile measure(NodeIndex node, const std::string& select,
                                               const ChangedColumns& changed = {true, {}});
    /// Adds to what measure() gave what can only be told when every node is there: the values that
    /// refer to nothing.
    void relate(NodeIndex node, const std::string& select, journal::NodeProfile& profile);
    /// The same of the base itself; what its columns hold is kept in `asked`.
    [[nodiscard]] journal::NodeProfile measure_base(NodeIndex node, NodeQuestions& asked);
    [[nodiscard]] const ColumnFacts& facts() const { return facts_; }

  private:
    /// A column of the base in this run.
    struct Column {
        std::optional<std::size_t> at;  ///< in the profile; none: gone, or of another type
        std::string print;              ///< empty: not known
    };
    using Columns = std::vector<Column>;
    struct Slot;
    void take_prints(const NodeQuestions& asked, const std::string& select, double rows,
                     const std::vector<bool>& wanted, Columns& columns);
    /// Every number that there is to tell, known or not.
    void answer(const NodeQuestions& asked, const std::string& select, const Columns& columns,
                journal::NodeProfile& profile);
    void ask_together(const std::vector<Slot>& slots, const std::string& select,
                      const Columns& columns, journal::NodeProfile& profile);
    void ask_statement(const NodeQuestions::Statement& statement, const std::string& select,
                       const Columns& columns, journal::NodeProfile& profile);
    /// What there is to ask for a number; nullopt: it is known, and told, or there is no such
    /// column.
    [[nodiscard]] std::optional<Slot> slot_for(std::size_t column, const std::string& name,
                                               const std::string& how, const Columns& columns,
                                               journal::NodeProfile& profile) const;
    static std::map<std::string, double>& numbers_for(std::size_t column, const std::string& name,
                                                      const Columns& columns,
                                                      journal::NodeProfile& profile);
    void tell(const Slot& slot, double number, const Columns& columns,
              journal::NodeProfile& profile);
    [[nodiscard]] std::optional<std::vector<engine::Value>> answered(const std::string& sql);
    /// What the column that a reference points to holds in `select`; nullopt: not known.
    [[nodiscard]] std::optional<std::string> print_of(const NodeQuestions::Reference& reference,
                                                      const std::string& select) const;
    [[nodiscard]] bool is_wanted(const std::string& statistic) const;

    const Profiler& profiler_;
    engine::Connection& connection_;
    std::function<std::string(NodeIndex)> select_;
    bool only_what_moves_ = false;
    ColumnFacts facts_;
    /// By SELECT and column: what was found while it was measured.
    std::map<std::string, std::map<std::string, std::string>> prints_;
    std::map<std::string, Columns> measured_;  ///< by SELECT
};

}  // namespace faultline::run
