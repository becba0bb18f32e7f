#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "plugin/damage.h"
#include "run/base_run.h"
#include "run/shared_results.h"

namespace faultline::run {

/// What went wrong in a trial, and where; what a trial can end as is a value, so this one never
/// leaves the run layer.
struct TrialFailure {
    journal::Failure failure;
    journal::Outcome outcome = journal::Outcome::crashed;
    /// It is certain that this node is to blame: no need to run node by node to find out.
    bool located = false;
};

/// One pass over a trial's work. Fused: all questions are one statement, and what they need is part
/// of it: computed where it has one reader, and once where it has several; a table is made only of
/// what must be one (a site, a step with a time-out of its own, what other trials need as well,
/// which is taken from or given to `shared`) and of what may come out as in the base, where looking
/// costs less than it may spare. Stepwise: every node and perturbed relation is a table of its own,
/// in order, so that a failure names its node; nothing is shared. Tables made are dropped by the
/// destructor, but for those given away; used by one thread, for one trial.
class TrialExecution {
  public:
    /// `shared` null: nothing is; otherwise borrowed.
    TrialExecution(const Experiment& experiment, const BaseRun& base,
                   engine::Connection& connection, plugin::Measures& measures, const StopFlag* stop,
                   const TrialPlan& plan, const Work& work, bool stepwise,
                   SharedResults* shared = nullptr);
    ~TrialExecution();
    TrialExecution(const TrialExecution&) = delete;
    TrialExecution& operator=(const TrialExecution&) = delete;

    /// Throws TrialFailure for what the trial ends as; when fused, for anything that a stepwise
    /// pass should look at again.
    void run();
    /// Stepwise, in the place of run(): nothing is asked. `is_like_base` is called for each node
    /// that is reached, in order and as soon as it is there, and says whether what it hands on came
    /// out as in the base: what reads only such is not executed.
    void run_through(const std::function<bool(NodeIndex)>& is_like_base);

    [[nodiscard]] const std::vector<Answer>& answers() const { return answers_; }
    [[nodiscard]] const std::map<std::string, journal::CheckState>& checks() const {
        return checks_;
    }
    [[nodiscard]] const std::map<std::string, plugin::AnswerKey>& answer_keys() const {
        return answer_keys_;
    }
    /// Addresses that nobody computed, because all that they read came out as in the base.
    [[nodiscard]] const std::set<std::string>& spared() const { return spared_; }
    /// Addresses to SELECTs, valid until destruction; for replay.
    [[nodiscard]] const Relations& relations() const { return relations_; }
    /// What readers found in the place of files, by source; the copies are gone with this object.
    [[nodiscard]] const std::map<NodeIndex, std::vector<plugin::FileCopy>>& copies() const {
        return copies_;
    }
    [[nodiscard]] const std::vector<std::string>& statements() const { return statements_; }
    /// Before run(): working folders of programs stay until destruction; for replay.
    void keep_programs() { keep_programs_ = true; }
    struct Program {
        std::filesystem::path folder;
        std::vector<std::string> arguments;
        process::Ended ended;
    };
    /// What each node took that was executed as a statement or program of its own, faults that
    /// made it wait included; what was fused into its statement is in its time.
    [[nodiscard]] const std::map<NodeIndex, double>& milliseconds() const { return milliseconds_; }
    /// Those that ran, by node.
    [[nodiscard]] const std::map<NodeIndex, Program>& programs() const { return programs_; }

  private:
    /// Sees to it that relations() has the node's own result.
    void demand(NodeIndex node);
    /// The same for what a reader gets of it.
    void demand(NodeIndex node, const Delivery& delivery);
    void step(NodeIndex node, Claim& claim);
    void run_stepwise();
    /// What comes before the questions: sources, and what faults do to what they act on.
    void prepare(NodeIndex node);
    /// Which results are computed inside the statement of all questions.
    void settle_statement();
    /// Whether a table of this result may end the recomputation below it, and looking is worth it.
    /// A matter of the base's sizes, never of time.
    [[nodiscard]] bool worth_comparing(NodeIndex node) const;
    [[nodiscard]] bool is_disturbed(NodeIndex node) const {
        return plan_.result(node) != plan_.content(node);
    }
    /// What is executed by itself in any case: a program; a site, since it is read by selection,
    /// answer key and perturbation; what has a time-out of its own, so that the time is its own as
    /// well; what is measured; what is made to wait or fail.
    [[nodiscard]] bool runs_alone(NodeIndex node) const;
    /// Makes tables of what a step reads where its statement would bind too much.
    void shorten(NodeIndex node);
    /// A source whose files are damaged or whose execution is disturbed.
    void source(NodeIndex node, Claim& claim);
    /// Damages copies of a source's files and reads them.
    void read(NodeIndex node, Claim& claim);
    /// What faults of the node's execution do before its step begins: waits, or throws.
    void disturb(NodeIndex node);
    void deliver(NodeIndex node, const Delivery& delivery);
    void perturb(NodeIndex node, const Delivery& delivery, Claim& claim);
    /// Throws TrialFailure where a fault that should have done something did nothing.
    void require_effect(NodeIndex node, const std::vector<std::size_t>& faults, bool located) const;
    /// Runs a command node's program and takes over what it leaves.
    void program(NodeIndex node);
    /// Takes over what another trial made.
    void adopt(const std::string& address, const SharedResult& result);
    /// A result that came out as in the base: what only reads such need not be computed.
    void take_base(NodeIndex node, Claim& claim);
    [[nodiscard]] bool is_like_base(NodeIndex node, const Delivery& delivery) const;
    [[nodiscard]] bool reads_only_base(NodeIndex node) const;
    /// Whether knowing that `node` is like the base would spare a step.
    [[nodiscard]] bool feeds_steps(NodeIndex node) const;
    /// The stack of a delivery applied to `site`; `of_base`: that is the base's, so that what comes
    /// out may be known from another trial.
    [[nodiscard]] plugin::Perturbed perturbed_form(const Delivery& delivery,
                                                   const plugin::KeyedSite& site, bool of_base);
    /// A metric group or a check that the trial asks, and its turn at the answer.
    struct Question {
        bool metrics = false;
        std::size_t at = 0;  ///< of the experiment's metric groups or checks
        std::string name;
        std::vector<NodeIndex> reads;
    };
    [[nodiscard]] std::vector<Question> questions() const;
    void adopt_answer(const Question& question, const SharedResult& result);
    /// Answers them in one statement as far as they are not answered by the base, and publishes.
    void ask(const std::vector<Question>& questions, std::vector<Claim>& claims);
    [[nodiscard]] bool answered_by_base(const Question& question);
    void check(std::size_t check);
    [[nodiscard]] journal::CheckState check_state(const BoundCheck& check);
    [[nodiscard]] bool contract_broken(const BoundCheck& check);
    void metrics(std::size_t group);
    [[nodiscard]] std::vector<Answer> ask_one_by_one(const MetricGroup& group);
    /// What a measured metric says: nodes that did not run count as in the base.
    [[nodiscard]] std::vector<Answer> measured_answers(const MetricGroup& group) const;
    [[nodiscard]] std::vector<Answer> base_answers(const MetricGroup& group) const;
    /// Makes a table of it, which is what lies at the address from now on; returns its name.
    std::string materialise(const std::string& address, const std::string& select);
    /// Whether its table has only the columns that any trial's readers ask for.
    [[nodiscard]] bool carries_less(NodeIndex node) const;
    /// Of what it was made with, whoever made it.
    [[nodiscard]] bool came_out_as_base(NodeIndex node);
    /// Where `claim` is one's own: gives away the table made last, with what faults did to it.
    void hand_over(Claim& claim, const std::string& address,
                   std::map<std::string, plugin::AnswerKey> keys);
    /// What a fault did is what it did to what the node hands on to all, which comes first. An edge
    /// with faults of its own before it gets its rows in another state, and counts only for them.
    void note(const std::string& id, const plugin::AnswerKey& key);
    void within(const std::string& node, const char* stage, journal::Outcome on_error,
                std::optional<std::chrono::milliseconds> timeout,
                const std::function<void()>& action);
    [[nodiscard]] std::optional<std::chrono::milliseconds> timeout_of(NodeIndex node) const;
    [[nodiscard]] bool has_several_readers(const std::string& address) const;
    /// Stepwise, or read by several that are not all part of the one statement.
    [[nodiscard]] bool is_read_apart(const std::string& address) const;

    const Experiment& experiment_;
    const BaseRun& base_;
    engine::Connection& connection_;
    plugin::Measures& measures_;
    const StopFlag* stop_;
    const TrialPlan& plan_;
    const Work& work_;
    const bool stepwise_;
    SharedResults* const shared_;
    const bool keeps_columns_;  ///< no fault of the trial changes a schema
    const std::string
        owner_;  ///< distinguishes this execution's tables from those of other workers
    Relations relations_;
    std::optional<std::chrono::steady_clock::time_point> deadline_;  ///< of what runs now
    std::set<std::string>
        in_statement_;  ///< addresses that the statement of all questions computes
    std::map<std::string, std::size_t>
        bound_;  ///< by address left to its reader: how much it binds
    std::set<NodeIndex> like_base_;
    bool spares_ = false;  ///< what reads only what is like the base is not executed
    std::set<std::string> spared_;
    std::vector<std::string> made_;
    engine::HeldColumns held_;  ///< what perturbed forms look up
    std::map<NodeIndex, std::vector<plugin::FileCopy>> copies_;
    std::map<NodeIndex, double> milliseconds_;
    bool keep_programs_ = false;
    std::map<NodeIndex, Program> programs_;
    std::vector<std::filesystem::path> folders_;  ///< of copies and programs
    std::vector<std::string> statements_;
    std::vector<Answer> answers_;
    std::map<std::string, journal::CheckState> checks_;
    std::map<std::string, plugin::AnswerKey> answer_keys_;
    std::set<std::string> noted_;  ///< perturbations whose answer key is settled
};

/// How many relations a SELECT binds by itself, at every depth.
std::size_t bindings(const std::string& select);

/// The engine's message without what changes from run to run: addresses, time stamps, line markers.
std::string normalised(const std::string& message);

/// What is said of a node that was not done in its time.
std::string outlived(std::optional<std::chrono::milliseconds> timeout);

}  // namespace faultline::run
