#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "journal/records.h"
#include "run/base_run.h"

namespace faultline::run {

/// Looks at what nodes hand on: simple statistics of every column, the kind that people monitor.
/// What is asked of a node is settled by what the base holds, and is one statement a node.
/// Immutable after construction, shared by all threads.
///
/// Different values and quantiles are exact up to a million rows of the base and the engine's
/// approximations above; which it was stands in the base's profile, as the SQL that was asked.
class Profiler {
  public:
    /// Profiles the base: the nodes that some fault reaches and some metric or check can see.
    /// Borrows both. Throws Error(cancelled) when `stop` is requested.
    Profiler(const Experiment& experiment, const BaseRun& base, const StopFlag* stop);

    [[nodiscard]] const journal::Profile& base() const { return profile_; }
    [[nodiscard]] bool covers(NodeIndex node) const { return asked_.contains(node); }
    /// The statistics of `select`, which stands for what `node` hands on; only that it is the same
    /// where its rows are the base's. `other` gives the SELECT of other nodes in the same run, for
    /// what refers to them. Questions that fail (a type that changed) are left out.
    [[nodiscard]] journal::NodeProfile measure(
        engine::Connection& connection, NodeIndex node, const std::string& select,
        const std::function<std::string(NodeIndex)>& other) const;

    /// No more columns of a node are looked at than this.
    static constexpr std::size_t most_columns = 60;

  private:
    /// One number to be asked: of a column, or of the whole relation where `column` is npos.
    struct Question {
        std::size_t column;
        std::string name, sql;
        std::string together = {};  ///< to be asked with the others, where that is another text
    };
    struct Reference {
        std::size_t column;
        NodeIndex to;
        std::string field;
    };
    struct Asked {
        engine::Schema columns;
        std::vector<Question> questions;
        std::vector<Reference> references;
        std::uint64_t left_out = 0;
    };
    void look_at(engine::Connection& connection, NodeIndex node);
    void ask_of(const engine::Column& column, std::size_t at, bool approximate, Asked& asked) const;
    void refer(NodeIndex node, Asked& asked) const;
    [[nodiscard]] std::vector<std::string> few_values(engine::Connection& connection,
                                                      const std::string& select,
                                                      const engine::Column& column,
                                                      double rows) const;
    [[nodiscard]] journal::NodeProfile answers(
        engine::Connection& connection, NodeIndex node, const Asked& asked,
        const std::string& select, const std::function<std::string(NodeIndex)>& other) const;
    [[nodiscard]] const std::string& base_select(NodeIndex node) const;

    const Experiment& experiment_;
    const BaseRun& base_;
    std::map<NodeIndex, Asked> asked_;
    journal::Profile profile_;
};

}  // namespace faultline::run
