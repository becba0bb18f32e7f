#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/stop.h"
#include "journal/records.h"
#include "run/base_inputs.h"
#include "run/bound_command.h"
#include "run/column_lineage.h"
#include "run/command_step.h"
#include "run/delivery_cache.h"
#include "run/fingerprints.h"
#include "run/needed_columns.h"
#include "run/own_folder.h"
#include "run/questions.h"
#include "run/relations.h"
#include "run/threads.h"

namespace faultline::run {

struct BaseOptions {
    /// Of the engine; 0: one, or all there are for data as large as threads_for() says.
    unsigned threads = 1;
    std::filesystem::path scratch;  ///< where it may spill; none: a temporary folder of its own
    bool other_order = false;       ///< read the sources in another row order, for the noise floor
    const StopFlag* stop = nullptr;
    /// Look at the files of every source, and not only at those that some perturbation damages.
    bool survey_files = false;
    /// As address_sources() gives them; empty: to be found.
    std::vector<std::string> sources = {};
    std::uint64_t large = large_source;  ///< see threads_for()
    /// Whether trials are spared what reads no changed column; the numbers are the same without.
    bool follow_columns = true;
    /// Bytes of node results from which on columns that nobody asks for are left out; the numbers
    /// are the same with them. Below, finding out costs more than it spares.
    std::uint64_t narrow_from = std::uint64_t{16} << 20;
};

/// The pipeline in an engine of its own, run once unperturbed: every needed node's result is a
/// table of the store, sites of perturbations are keyed, metrics and checks are answered. What
/// trials start from. After construction it is shared by all threads and does not change.
class BaseRun {
  public:
    /// Reads the sources and binds everything against their columns; throws Error(user) with every
    /// problem found. Nothing has run by then. What descends from a command is left out: which
    /// columns it gives is known when it has run.
    BaseRun(const Experiment& experiment, const BaseOptions& options);
    /// Runs the steps, binds what could not be before, and asks metrics and checks. Throws
    /// Error(user) when one fails: an unperturbed pipeline has to work.
    void run();

    [[nodiscard]] engine::SqlEngine& engine() const { return *engine_; }
    [[nodiscard]] const TrialPlan& plan() const { return plan_; }
    [[nodiscard]] const std::vector<std::string>& source_addresses() const { return sources_; }
    [[nodiscard]] const Relations& relations() const { return relations_; }
    [[nodiscard]] Fingerprints& fingerprints() const { return fingerprints_; }
    /// What a trial that keeps every schema asks for. Known after run(), and only where the data is
    /// large enough to matter.
    [[nodiscard]] const NeededColumns& needed_columns() const { return needed_columns_; }
    /// The same for tables, which trials that change schemas may read as well.
    [[nodiscard]] const NeededColumns& table_columns() const { return table_columns_; }
    /// Known after run(); null where columns are not followed.
    [[nodiscard]] const ColumnLineage* lineage() const { return lineage_ ? &*lineage_ : nullptr; }
    /// Perturbed forms of base results, shared by all trials. Thread-safe.
    [[nodiscard]] DeliveryCache& deliveries() const { return deliveries_; }
    /// Base results as files for programs, shared by all trials. Thread-safe.
    [[nodiscard]] BaseInputs& program_inputs() const { return program_inputs_; }
    [[nodiscard]] const std::vector<bool>& needed() const { return needed_; }
    [[nodiscard]] const engine::Schema& columns(NodeIndex node) const { return columns_[node]; }
    /// The keyed form of a node's base result; only nodes that some perturbation acts on have one.
    [[nodiscard]] const plugin::KeyedSite& site(NodeIndex node) const { return sites_.at(node); }
    /// The files of a source, as they were read: where some perturbation damages them, or all of
    /// them were surveyed.
    [[nodiscard]] const engine::SourceFiles& files(NodeIndex node) const { return files_.at(node); }
    [[nodiscard]] bool has_files(NodeIndex node) const { return files_.contains(node); }
    [[nodiscard]] const BoundCommand& command(NodeIndex node) const { return commands_.at(node); }
    /// Of a command's `columns`, in the engine's spelling; empty where none is stated.
    [[nodiscard]] const std::vector<std::string>& promised_types(NodeIndex node) const {
        return promised_types_.at(node);
    }
    /// Its links resolved; where damaged copies are written and programs run. Empty without a
    /// scratch folder.
    [[nodiscard]] const std::filesystem::path& scratch() const { return scratch_; }
    [[nodiscard]] const std::vector<Answer>& answers() const { return answers_; }
    [[nodiscard]] const std::map<std::string, journal::CheckState>& checks() const {
        return checks_;
    }
    /// What a node's result takes up, as told from its rows and types; 0 where nobody needs it.
    [[nodiscard]] std::uint64_t bytes(NodeIndex node) const { return bytes_[node]; }
    [[nodiscard]] std::uint64_t all_bytes() const { return all_bytes_; }
    [[nodiscard]] const std::vector<std::uint64_t>& bytes() const { return bytes_; }
    /// How long each node took by itself; 0 where nobody needs it.
    [[nodiscard]] const std::vector<double>& node_milliseconds() const { return milliseconds_; }
    /// Nodes that a measured metric sees.
    [[nodiscard]] bool is_timed(NodeIndex node) const { return timed_[node]; }
    [[nodiscard]] const std::vector<bool>& timed() const { return timed_; }
    [[nodiscard]] std::uint64_t executed() const { return executed_; }
    [[nodiscard]] unsigned threads() const { return options_.threads; }
    /// What the largest source takes up, told as bytes() tells it.
    [[nodiscard]] std::uint64_t largest_source() const { return largest_source_; }

  private:
    void read_sources();
    void read_promises(std::vector<Problem>& problems);
    void bind_steps(std::vector<Problem>& problems);
    /// All but the steps, as far as it is due.
    void bind_all();
    void bind_declarations(std::vector<Problem>& problems);
    void bind_questions(std::vector<Problem>& problems);
    void bind_perturbations(std::vector<Problem>& problems);
    /// SQL of the node's own rows, where they are known before anything runs and few enough.
    [[nodiscard]] std::string measurable(NodeIndex node) const;
    void bind_files(std::size_t perturbation, std::vector<Problem>& problems);
    [[nodiscard]] bool is_damaged(NodeIndex node) const;
    void run_steps();
    void run_step(NodeIndex node);
    /// Makes the node's result of a program that runs in `folder`, which is gone afterwards.
    void run_program(NodeIndex node);
    /// Whether what reads these is to be bound now: before anything runs, or, where a program is
    /// among their ancestors, after.
    [[nodiscard]] bool is_due(const std::vector<NodeIndex>& nodes) const;
    /// `action` within the time that the node has. Throws Error(user) when it takes longer: an
    /// unperturbed pipeline has to keep to its own times.
    void in_time(NodeIndex node, const std::string& pointer, const std::function<void()>& action);
    void key_sites();
    void ask();
    void weigh();
    /// Which columns trials carry.
    void follow_readers();
    [[nodiscard]] std::uint64_t weight_of(NodeIndex node);

    const Experiment& experiment_;
    const std::map<NodeIndex, BoundCommand> commands_;
    /// For programs, where the caller gave no folder.
    std::unique_ptr<OwnFolder> own_folder_;
    BaseOptions options_;
    std::unique_ptr<engine::SqlEngine> engine_;
    std::unique_ptr<engine::Connection> connection_;
    std::vector<std::string> sources_;
    TrialPlan plan_;
    std::vector<bool> needed_;
    Relations relations_;
    Relations schemas_;  ///< empty tables with the right columns, while binding
    std::vector<engine::Schema> columns_;
    std::map<NodeIndex, std::vector<std::string>> promised_types_;
    const std::vector<bool> timed_;
    std::vector<bool> late_;  ///< nodes that are commands or descend from one
    bool binding_late_ = false;
    std::map<NodeIndex, plugin::KeyedSite> sites_;
    mutable DeliveryCache deliveries_;
    mutable BaseInputs program_inputs_;
    mutable Fingerprints fingerprints_;
    NeededColumns needed_columns_, table_columns_;
    std::optional<ColumnLineage> lineage_;
    std::map<NodeIndex, engine::SourceFiles> files_;
    std::filesystem::path scratch_;
    std::vector<Answer> answers_;
    std::map<std::string, journal::CheckState> checks_;
    std::vector<double> milliseconds_;
    std::vector<std::uint64_t> bytes_;
    std::uint64_t all_bytes_ = 0, executed_ = 0, largest_source_ = 0;
};

/// A command node's execution in `folder`; the caller adds what it reads.
CommandStep command_step(const Experiment& experiment, const BaseRun& base, NodeIndex node,
                         engine::Connection& connection, std::filesystem::path folder);

/// The site that a perturbation of `node` acts on, reading from `table` (quoted).
plugin::Site site_of(const Experiment& experiment, NodeIndex node, const std::string& table,
                     const engine::Schema& columns);

}  // namespace faultline::run
