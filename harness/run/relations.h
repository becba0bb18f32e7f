#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "run/trial_plan.h"

namespace faultline::run {

/// Where the relation behind an address is to be had: a table of the store, or SQL to be put in its
/// place, or a step that is left to the statement which reads it. A trial's relations stand on the
/// base's, which is shared and no longer changes by then.
class Relations {
  public:
    explicit Relations(const Relations* below = nullptr) : below_(below) {}
    /// `body`: where a SELECT that begins with a list of expressions goes on after it, if their
    /// names may stand in a longer list; 0: it stands as it is.
    void set(const std::string& address, std::string select, std::size_t body = 0) {
        selects_[address] = {std::move(select), body};
        steps_.erase(address);
    }
    /// The result of `node`'s step, to be computed by the statement that reads it.
    void set_step(const std::string& address, NodeIndex node) { steps_[address] = node; }
    [[nodiscard]] bool has(const std::string& address) const;
    /// The node whose step is to be computed where the address is read; nullopt: select() has it.
    [[nodiscard]] std::optional<NodeIndex> step(const std::string& address) const;
    /// A SELECT of the relation, of one that is not left to its reader. Throws Error(internal) for
    /// an address that nobody provided.
    [[nodiscard]] const std::string& select(const std::string& address) const {
        return at(address).select;
    }
    /// Where it goes on after its list of expressions, as it was set.
    [[nodiscard]] std::size_t body(const std::string& address) const { return at(address).body; }

  private:
    struct Select {
        std::string select;
        std::size_t body = 0;
    };
    [[nodiscard]] const Select& at(const std::string& address) const;

    const Relations* below_;
    std::map<std::string, Select> selects_;
    std::map<std::string, NodeIndex> steps_;
};

/// The step's own text with each input bound to what this trial delivers to it.
std::string step_sql(const Experiment& experiment, NodeIndex node, const TrialPlan& plan,
                     const Relations& relations, const engine::Dialect& dialect);

/// `body`, a SELECT over the names of `reads`, with those bound to what they hand on.
std::string question_sql(const Experiment& experiment, const std::vector<NodeIndex>& reads,
                         const std::string& body, const TrialPlan& plan, const Relations& relations,
                         const engine::Dialect& dialect);

}  // namespace faultline::run
