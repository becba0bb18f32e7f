#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "plugin/damage.h"
#include "run/base_run.h"

namespace faultline::run {

/// What went wrong in a trial, and where; what a trial can end as is a value, so this one never
/// leaves the run layer.
struct TrialFailure {
    journal::Failure failure;
    journal::Outcome outcome = journal::Outcome::crashed;
    /// It is certain that this node is to blame: no need to run node by node to find out.
    bool located = false;
};

/// One pass over a trial's work. Fused: single-reader nodes are inlined into who reads them.
/// Stepwise: every node and perturbed relation is a table of its own, so that a failure names its
/// node. Tables made are dropped by the destructor; used by one thread, for one trial.
class TrialExecution {
  public:
    TrialExecution(const Experiment& experiment, const BaseRun& base,
                   engine::Connection& connection, plugin::Measures& measures, const StopFlag* stop,
                   const TrialPlan& plan, const Work& work, bool stepwise);
    ~TrialExecution();
    TrialExecution(const TrialExecution&) = delete;
    TrialExecution& operator=(const TrialExecution&) = delete;

    /// Throws TrialFailure for what the trial ends as; when fused, for anything that a stepwise
    /// pass should look at again.
    void run();

    [[nodiscard]] const std::vector<Answer>& answers() const { return answers_; }
    [[nodiscard]] const std::map<std::string, journal::CheckState>& checks() const {
        return checks_;
    }
    [[nodiscard]] const std::map<std::string, plugin::AnswerKey>& answer_keys() const {
        return answer_keys_;
    }
    /// Addresses to SELECTs, valid until destruction; for replay.
    [[nodiscard]] const Relations& relations() const { return relations_; }
    /// What readers found in the place of files, by source; the copies are gone with this object.
    [[nodiscard]] const std::map<NodeIndex, std::vector<plugin::FileCopy>>& copies() const {
        return copies_;
    }
    [[nodiscard]] const std::vector<std::string>& statements() const { return statements_; }

  private:
    void step(NodeIndex node);
    /// Damages copies of a source's files and reads them.
    void read(NodeIndex node);
    /// What faults of the node's execution do before its step begins: waits, or throws.
    void disturb(NodeIndex node);
    void perturb(NodeIndex node);
    void deliver(NodeIndex node, const Delivery& delivery);
    /// The stack of a delivery applied to `site`; `of_base`: that is the base's, so that what comes
    /// out may be known from another trial.
    [[nodiscard]] plugin::Perturbed perturbed_form(const Delivery& delivery,
                                                   const plugin::KeyedSite& site, bool of_base);
    void check(const BoundCheck& check);
    void metrics(const MetricGroup& group);
    void materialise(const std::string& address, const std::string& select);
    void within(const std::string& node, const char* stage, journal::Outcome on_error,
                std::optional<std::chrono::milliseconds> timeout,
                const std::function<void()>& action);
    [[nodiscard]] std::optional<std::chrono::milliseconds> timeout_of(NodeIndex node) const;
    [[nodiscard]] bool shared(const std::string& address) const;

    const Experiment& experiment_;
    const BaseRun& base_;
    engine::Connection& connection_;
    plugin::Measures& measures_;
    const StopFlag* stop_;
    const TrialPlan& plan_;
    const Work& work_;
    const bool stepwise_;
    const std::string
        owner_;  ///< distinguishes this execution's tables from those of other workers
    Relations relations_;
    std::optional<std::chrono::steady_clock::time_point> deadline_;  ///< of what runs now
    std::vector<std::string> made_;
    std::map<NodeIndex, std::vector<plugin::FileCopy>> copies_;
    std::vector<std::filesystem::path> folders_;  ///< of copies
    std::vector<std::string> statements_;
    std::vector<Answer> answers_;
    std::map<std::string, journal::CheckState> checks_;
    std::map<std::string, plugin::AnswerKey> answer_keys_;
};

/// The engine's message without what changes from run to run: addresses, time stamps, line markers.
std::string normalised(const std::string& message);

/// What is said of a node that was not done in its time.
std::string outlived(std::optional<std::chrono::milliseconds> timeout);

}  // namespace faultline::run
