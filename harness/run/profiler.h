#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "journal/records.h"
#include "run/base_run.h"
#include "run/column_facts.h"
#include "run/node_questions.h"

namespace faultline::run {

class ProfiledRun;

/// Looks at what nodes hand on: simple statistics of every column, the kind that people monitor.
/// What is asked of a node is settled by what the base holds (NodeQuestions); what is asked again
/// in a run is what is not known of a column with the same values (ProfiledRun). Immutable after
/// construction, shared by all threads.
class Profiler {
  public:
    /// Profiles the base: the nodes that some fault reaches and some metric or check can see.
    /// Borrows both. Throws Error(cancelled) when `stop` is requested.
    Profiler(const Experiment& experiment, const BaseRun& base, const StopFlag* stop);

    [[nodiscard]] const journal::Profile& base() const { return profile_; }
    [[nodiscard]] bool covers(NodeIndex node) const { return asked_.contains(node); }

    [[nodiscard]] const Experiment& experiment() const { return experiment_; }
    [[nodiscard]] const BaseRun& base_run() const { return base_; }
    [[nodiscard]] const NodeQuestions& asked(NodeIndex node) const { return asked_.at(node); }
    [[nodiscard]] const std::string& base_select(NodeIndex node) const;
    /// What is known of the base's columns.
    [[nodiscard]] const ColumnFacts& facts() const { return facts_; }

    /// No more columns of a node are looked at than this.
    static constexpr std::size_t most_columns = 60;

  private:
    void look_at(engine::Connection& connection, ProfiledRun& run, NodeIndex node);
    void refer(NodeIndex node, NodeQuestions& asked) const;
    /// References that the base does not keep are none.
    void forget_broken_references(NodeIndex node, journal::NodeProfile& profile);
    void find_twins();
    [[nodiscard]] std::vector<std::string> few_values(engine::Connection& connection,
                                                      const std::string& select,
                                                      const engine::Column& column,
                                                      double rows) const;

    const Experiment& experiment_;
    const BaseRun& base_;
    std::set<std::string> identifiers_;  ///< columns of some node's key, in lower case
    std::map<NodeIndex, NodeQuestions> asked_;
    ColumnFacts facts_;
    journal::Profile profile_;
};

/// The nodes that some fault reaches and some metric or check can see.
std::vector<bool> nodes_to_profile(const Experiment& experiment, const BaseRun& base);

}  // namespace faultline::run
