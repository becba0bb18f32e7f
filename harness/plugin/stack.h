#pragma once

#include <map>
#include <string>
#include <vector>

#include "plugin/contained.h"
#include "plugin/host.h"
#include "plugin/perturb.h"

namespace faultline::plugin {

/// Builds the SQL of a stack stage by stage. Each stage is a pair of common table expressions: what
/// the plugin is handed (the relation so far, its hidden columns, selected, draws) and what it made
/// of it. A transform ends the chain in a table and starts it anew from there. Used for one
/// perturb() call; tables it made are dropped with it unless finish() handed them on.
class Stack {
  public:
    Stack(engine::Connection& connection, const engine::Dialect& dialect, const KeyedSite& site,
          Measures& measures, const std::function<std::string()>& scratch_table,
          const StopFlag* stop);
    ~Stack();
    Stack(const Stack&) = delete;
    Stack& operator=(const Stack&) = delete;

    /// What of the relation as first received goes to one fault, as SQL over the keyed site.
    struct Hit {
        std::string selected;  // BOOLEAN; empty: this fault does not act
        std::string batch;     // BIGINT; empty: its unit is not the batch
        std::string eligible;  // BOOLEAN; empty: every row is
        std::string dose;      // DOUBLE; empty: 1 for every row
    };

    /// The first stage: the keyed site with every fault's hits as hidden columns.
    void start(const std::vector<Hit>& hits);
    /// Applies fault number `index`; `targets` are names in the relation as first received. What
    /// the key says of columns is final, what it says of rows comes from count().
    AnswerKey apply(std::size_t index, const Application& application,
                    const std::vector<std::string>& targets);
    /// Adds to the keys, by fault, what was counted by those that have been applied.
    void count(std::vector<AnswerKey>& keys);
    /// The visible relation.
    Perturbed finish(std::vector<AnswerKey> keys);

  private:
    struct Stage {
        std::string from;                       // quoted name handed to the plugin
        std::vector<std::string> hidden;        // unquoted, to be passed on
        std::vector<faultline_column> columns;  // borrowed: strings of visible_
        std::vector<const char*> hidden_names;
        faultline_relation relation{};
    };

    [[nodiscard]] Stage open_stage(std::size_t index, const Application& application,
                                   const std::vector<std::string>& targets) const;
    [[nodiscard]] std::string stage_body(const Stage& stage, std::size_t index,
                                         const std::vector<std::string>& draws) const;
    void rewrite(std::size_t index, const Application& application, Stage& stage, bool& identity);
    /// Runs `work`; an Error that names no node is told as the fault's, on its node.
    template <class Work>
    auto as_of(const Application& application, Work work) const -> decltype(work());
    /// A count that a rewrite wants: a SELECT of one row over the expressions of `with`.
    struct Count {
        std::size_t index;
        const Application* application;
        std::string with, select;
    };
    /// Asks all that are pending. Each alone would plan what comes before it anew, which is most of
    /// a trial where data is small: several are asked in one statement.
    void ask_counts();
    /// False where that fails.
    [[nodiscard]] bool ask_together(const std::vector<Count>& pending);
    void ask_alone(const Count& count);
    /// Keeps what was counted, which has to be what the plugin says of itself.
    void take_count(std::size_t index, const Application& application, AnswerKey counted);
    /// A table of a statement: kept with the site, or this trial's.
    [[nodiscard]] std::string table_of(const std::string& statement, bool lasting);
    /// Columns of a statement, to be looked up by place: kept with the site, or this trial's.
    [[nodiscard]] engine::HeldColumns held_of(const std::string& statement, std::size_t places,
                                              bool first, bool lasting);
    void transform(std::size_t index, const Application& application, Stage& stage, bool& identity);
    /// Has columns that Arrow would not keep, and that no transform is asked to change, read as
    /// text.
    void spell_for_arrow(std::size_t index, const Stage& stage);
    void take_schema(const engine::Schema& schema, const Stage& stage, bool hidden_required);
    [[nodiscard]] Host::Context host_context(std::size_t index, const Application& application,
                                             const Stage& stage);
    /// What `select`, the plugin's answer on this stage, returns. Two texts that differ in the
    /// stream of their draws alone return the same columns, and are asked once.
    [[nodiscard]] engine::Schema schema_of(const std::string& made, const std::string& select,
                                           const Stage& stage, std::uint64_t stream);
    /// SQL that failed: is it the plugin's (it does not bind) or the data's?
    void check_binds(const std::string& answer_key);
    [[nodiscard]] std::string with() const;
    /// A name of this stack's in a list of expressions, quoted.
    [[nodiscard]] std::string name_of(const std::string& what) const;
    [[nodiscard]] std::string list(const std::vector<std::string>& names) const;
    [[nodiscard]] std::int64_t rows_of(const std::string& relation);

    engine::Connection& connection_;
    const engine::Dialect& dialect_;
    const KeyedSite& site_;
    Measures& measures_;
    const std::function<std::string()>& scratch_table_;
    const StopFlag* stop_;
    std::vector<std::string> expressions_;  // "name" AS NOT MATERIALIZED (…)
    std::string last_;                      // what the next stage reads
    engine::Schema visible_;
    std::vector<std::string> hidden_;  // travelling with last_
    std::size_t last_acting_ = 0;      // no fault after this one needs hidden columns
    std::vector<std::string> made_, notes_;
    engine::HeldColumns held_;
    bool holds_own_ = false;
    std::vector<Count> pending_;
    std::map<std::size_t, AnswerKey> counted_;  ///< by fault
    std::string looked_up_;  ///< columns of the tables that were made to look things up in
};

}  // namespace faultline::plugin
