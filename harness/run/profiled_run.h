#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "journal/records.h"
#include "run/column_facts.h"
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
    /// where its rows are the base's. Questions that fail (a type that changed) are left out.
    [[nodiscard]] journal::NodeProfile measure(NodeIndex node, const std::string& select);

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
                      const std::function<void(const Slot&, double)>& told);
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
};

}  // namespace faultline::run
