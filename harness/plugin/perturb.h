#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/dose_curve.h"
#include "core/error.h"
#include "core/made_once.h"
#include "core/stop.h"
#include "engine/engine.h"
#include "engine/held_column.h"
#include "plugin/column_choice.h"
#include "plugin/held_tables.h"
#include "plugin/registry.h"

namespace faultline::plugin {

/// A fault that switches on, grows, peaks or comes and goes along an ordered column. Each row has
/// a dose in [0, 1] by its place; its severity is the severity times that. dose_sql() computes it.
struct Along {
    /// A share of the way from the column's smallest value to its largest, or one of its values.
    struct Place {
        double share = 0;
        std::string value;    ///< as text; empty: the share
        bool stated = false;  ///< by the user or the plugin, and not by the shape
    };
    using Shape = DoseCurve::Shape;
    Shape shape = Shape::step;
    std::string column;  ///< empty: the batch column
    Place start, end;
    double cycles = 4;  ///< season: between start and end
    /// May this shape go from `from` to `to`, both shares? A spike may be one place.
    [[nodiscard]] bool has_extent(double from, double to) const {
        return shape == Shape::spike ? from <= to : from < to;
    }
    /// Both ends as shares, once values have theirs: the end of a spike that is not stated beside
    /// one that is lies a tenth of the way from it, as the two do where neither is.
    void settle(double& from, double& to) const {
        if (shape != Shape::spike || start.stated == end.stated) return;
        constexpr double width = 0.1;
        if (start.stated)
            to = from + width;
        else
            from = to - width;
    }
};

/// The shared selection layer: which columns and which units a fault goes to. Parsed from the
/// perturbation's params, beside the plugin's own.
struct Selection {
    std::vector<ColumnChoice> columns;  ///< empty: not stated
    double fraction = 1;
    bool exact = false;
    std::string where;  ///< SQL predicate on the relation as first received
    enum class Mechanism {
        at_random,
        at_random_given,
        not_at_random
    } mechanism = Mechanism::at_random;
    std::string given;  ///< at_random_given: the column
    enum class Sampling { uniform, weight, latest, earliest, block } sampling = Sampling::uniform;
    std::string weight;  ///< sampling weight: the column
    std::string by;      ///< latest, earliest: the column; empty: the batch column
    std::string files;   ///< of faults of files: a name or a pattern; empty: all of the source
    std::optional<std::uint64_t> block_rows;  ///< unit batch with no batch column: rows a block
    std::optional<Along> along;
};

/// One perturbation, checked once, used for every trial. Immutable and thread-safe; instances of
/// the plugin are made a call at a time.
class Fault {
  public:
    /// Splits `params` into selection and the plugin's own, checks both (unknown names, types,
    /// ranges) and fills in defaults. Problems are reported at `pointer` + "/params/…" in `file`.
    /// Throws Error(user) with every problem. `mapped` names a parameter that a severity map will
    /// set by with(): it need not be stated.
    Fault(std::string id, const Plugin& plugin, const Json& params, const std::string& file,
          const std::string& pointer, const std::string& mapped = {});

    [[nodiscard]] const std::string& id() const { return id_; }
    [[nodiscard]] const Plugin& plugin() const { return *plugin_; }
    [[nodiscard]] const Selection& selection() const { return selection_; }
    [[nodiscard]] const Json& params() const {
        return params_;
    }  ///< the plugin's own, defaults filled in
    /// Those that the user stated, the selection's among them.
    [[nodiscard]] const Json& stated() const { return stated_; }
    /// Does the outcome depend on the stream? If not, one replicate says it all. Asks the plugin
    /// where it says that it draws and can tell more; throws Error(plugin) where it misbehaves.
    [[nodiscard]] bool draws() const;
    /// The same question at one severity: a selection that takes everything draws nothing.
    [[nodiscard]] bool draws_at(double severity) const;
    /// The share of the eligible units that this severity hits.
    [[nodiscard]] double share_at(double severity) const;
    /// Does each row get its own share of the magnitude (`along`)?
    [[nodiscard]] bool doses_rows() const {
        return selection_.along.has_value() && plugin_->about().doses_rows;
    }
    /// Below 0.5 a binary fault is the identity; every fault is at 0.
    [[nodiscard]] bool acts_at(double severity) const;
    /// The same fault with one of its parameters set to another number (a scenario's severity map).
    /// Looks among the plugin's own parameters, then the selection's numbers. Throws Error(user).
    [[nodiscard]] Fault with(const std::string& param, double value) const;
    /// Everything that decides what it does, as text, for addresses.
    [[nodiscard]] std::string identity() const;
    /// A problem at `place` ("/params/where") of this perturbation.
    [[nodiscard]] Problem problem(const std::string& place, const std::string& found,
                                  const std::string& expected,
                                  const std::string& nearest = {}) const;

  private:
    [[nodiscard]] bool plugin_draws(double severity) const;

    std::string id_;
    const Plugin* plugin_;
    Json params_;
    Json stated_;  ///< as the user wrote them
    Selection selection_;
    std::string file_, pointer_;
};

/// The relation as first received by a stack of faults.
struct Site {
    std::string node;  ///< for messages
    std::string from;  ///< a quoted table name in the store
    engine::Schema columns;
    std::vector<std::string> key;  ///< declared key; empty: none
    std::string batch;             ///< declared batch column; empty: none
    /// Goes into the names of what a perturbed form is put together from, so that forms of several
    /// sites can stand in one list of expressions.
    std::string tag = {};
};

/// A site with what selection needs: a table of its columns, in the order of its rows, and the
/// hidden
/// `__fl_key`, `__fl_rank` (0… in the order of the key) and, where a batch column is declared,
/// `__fl_batch` (a BIGINT that identifies the batch; NULL where the batch is). Made once per
/// relation and shared by every trial that perturbs it.
struct KeyedSite {
    Site site;
    std::string table;  ///< quoted; site.from itself is left as it is
    std::int64_t rows = 0;
    /// SQL of the rows that numbers about the relation are taken from, where that is not `table`:
    /// while a call is tried on no rows, a source's own rows may be known already. Else empty.
    std::string measured = {};
    /// Do the rows of `table` come in the order of their ranks?
    bool in_order = false;
    /// Tables that faults look things up in, made of `table`: where set, one for each question, for
    /// all trials; they go with the store. Else each trial makes its own and hands it on in
    /// Perturbed::made.
    std::shared_ptr<MadeOnce> tables = {};
    /// What faults look up by place, of this site and others; none: they look up in tables.
    std::shared_ptr<HeldTables> held = {};
};

/// Creates `table` from the site. The key of a row is its declared key (an integer key as it is,
/// others by a portable hash), made unique by occurrence where the declared one repeats; without a
/// declared key it is the rank over all columns. Depends on content alone, never on row order.
KeyedSite make_keyed_site(engine::Connection& connection, const engine::Dialect& dialect,
                          const Site& site, const std::string& table);

/// Numbers about a keyed site (statistics, thresholds), computed once for as long as they are asked
/// for again: a run has as many thresholds as it has doses and streams, so what was not asked for
/// longest is forgotten, and computed again if need be. Thread-safe.
class Measures {
  public:
    /// `bytes`: the most that is kept, about.
    explicit Measures(std::size_t bytes = std::size_t{8} << 20) : most_(bytes) {}
    /// The cached rows for (site, question), or what `compute` returns.
    engine::Rows get(const std::string& site, const std::string& question,
                     const std::function<engine::Rows()>& compute);

  private:
    struct Entry {
        std::string key;
        engine::Rows rows;
        std::size_t bytes = 0;
    };
    std::mutex mutex_;
    std::list<Entry> entries_;  ///< the latest asked for first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> at_;  ///< by the entries' keys
    std::size_t most_, held_ = 0;
};

/// What a fault did, counted by itself.
struct AnswerKey {
    std::int64_t rows_added = 0, rows_removed = 0, rows_changed = 0;
    std::map<std::string, std::int64_t> cells;  ///< by column
    std::vector<std::string> columns_added, columns_removed, columns_retyped;
    bool columns_reordered = false;
    std::int64_t calls = 0;  ///< executions of the node that were disturbed
    /// Of faults of files: how many became others, and what in them was taken away, added or
    /// overwritten. Zeros of a fault of rows are not shown.
    bool of_files = false;
    std::int64_t files = 0, records = 0, bytes = 0;
    bool expected_any = true;  ///< at this severity at least one unit should have changed
    [[nodiscard]] bool changed_anything() const;
    [[nodiscard]] Json to_json() const;
};

/// One fault of a stack as a trial asks for it.
struct Application {
    const Fault* fault = nullptr;
    double severity = 1;  ///< 0 is skipped: the identity
    std::uint64_t stream = 0;
    bool prefer_transform = false;  ///< of a plugin that offers both
};

/// The perturbed relation: a SELECT (no hidden columns, visible ones in order) that names only
/// tables of the store and expressions of its own, and what was counted. Tables that were made for
/// it, by transforms or for rewrites to look things up in, are in `made`; the caller drops them
/// when the SELECT is no longer needed, and keeps `held` until then.
struct Perturbed {
    std::string select;
    std::size_t body = 0;  ///< where its SELECT begins, after "WITH " and expressions; 0: no such
    engine::Schema columns;
    std::vector<AnswerKey> answer_keys;  ///< one an application, in order
    std::vector<std::string> made;       ///< quoted names
    engine::HeldColumns held;            ///< what the SELECT looks up by place
    bool holds_own = false;              ///< some of it is this trial's alone, or its draws'
    std::vector<std::string> notes;      ///< what plugins logged as information or warning
};

/// Applies a stack in order. What each fault selects (columns, where, given, by, batches) is
/// decided on the relation as first received, once for the stack; a row that an earlier fault
/// copied is selected with its original. Columns that an earlier fault took away, or turned into a
/// type that the plugin does not accept, are no longer hit; a fault left with none does nothing
/// (its answer key stays empty). `scratch_table(i)` gives fresh quoted names for what transforms
/// make. Throws Error(user) for parameters that do not fit the relation (naming the columns there
/// are), Error(plugin) for a plugin that misbehaves (SQL that does not bind among it), Error(data)
/// for SQL of its that fails on the data, with the node's name in the Error. Nothing is left behind
/// after a throw.
Perturbed perturb(engine::Connection& connection, const engine::Dialect& dialect,
                  const KeyedSite& site, const std::vector<Application>& stack, Measures& measures,
                  const std::function<std::string()>& scratch_table, const StopFlag* stop);

/// Checks without running anything that `fault` can be applied to a relation with these columns:
/// columns exist, have types the plugin accepts, batch is declared where needed. Appends to
/// `problems`.
void check_fits(const Fault& fault, const Site& site, std::vector<Problem>& problems);

}  // namespace faultline::plugin
