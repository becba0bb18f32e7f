#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "run/needed_columns.h"
#include "run/relations.h"

namespace faultline::run {

/// One statement over many relations, written flat: every relation that takes part is one common
/// table expression of a single list, named as the node it comes from, each before those that read
/// it. Nested instead, the engine copies what is bound around a query into every query inside it
/// (measured on DuckDB 1.4.4, a chain of single rows: eight steps 0.7 ms flat and 92 ms nested).
///
/// What has several readers in the statement is computed once (MATERIALIZED); what has one is left
/// to the engine to fuse. Used for one statement, by one thread; what is given is borrowed.
class FlatSql {
  public:
    /// `needed` null: what is computed once carries all of its columns.
    FlatSql(const Experiment& experiment, const TrialPlan& plan, const Relations& relations,
            const engine::Dialect& dialect, const NeededColumns* needed = nullptr)
        : experiment_(experiment),
          plan_(plan),
          relations_(relations),
          dialect_(dialect),
          needed_(needed) {}

    /// A SELECT of the node's own text over what this trial delivers to it.
    [[nodiscard]] std::string step(NodeIndex node);
    /// `body`, a SELECT over the names of `reads`, over what those hand on.
    [[nodiscard]] std::string question(const std::vector<NodeIndex>& reads,
                                       const std::string& body);
    /// A SELECT of what lies at an address that comes from `node`.
    [[nodiscard]] std::string relation(NodeIndex node, const std::string& address);
    /// `select`, put together from the parts above, as a whole statement.
    [[nodiscard]] std::string statement(const std::string& select) const;

  private:
    struct Part {
        std::string name;    ///< quoted
        std::string before;  ///< expressions that only it reads, to stand in the list before it
        std::string body;
        bool computed = false;  ///< more than a table of the store
        std::optional<NodeIndex> step;
        unsigned readers = 0;
    };

    /// Sees to it that the address is in the list; the place of its part.
    std::size_t part_of(NodeIndex node, const std::string& address);
    /// What makes `name of node` mean what lies at the address, empty where it does already.
    void bind(std::string& with, NodeIndex node, const std::string& address);
    [[nodiscard]] std::string free_name(NodeIndex node);

    const Experiment& experiment_;
    const TrialPlan& plan_;
    const Relations& relations_;
    const engine::Dialect& dialect_;
    const NeededColumns* needed_;
    std::vector<Part> parts_;  ///< each after those that it reads
    std::map<std::string, std::size_t> by_address_;
    std::map<std::string, unsigned> names_;  ///< quoted, with how many there are
    std::set<NodeIndex> perturbed_;          ///< whose expressions are in the list
};

}  // namespace faultline::run
