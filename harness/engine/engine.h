#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/stop.h"
#include "engine/dialect.h"
#include "engine/held_column.h"
#include "engine/source_files.h"
#include "engine/value.h"
#include "model/pipeline.h"

struct ArrowArrayStream;  // include/faultline/arrow.h: the Arrow C stream interface

namespace faultline::engine {

struct EngineOptions {
    std::uint64_t memory_bytes = 0;  ///< 0: the engine's default
    unsigned threads = 1;            ///< of the whole database, fixed before the lock
    /// The run's own folder for spilling and file exchange; created when missing. Empty: no
    /// spilling and no files.
    std::filesystem::path scratch = {};
    std::string now = {};  ///< ISO timestamp pinned for today(), current_date, …; empty: not pinned
    std::uint64_t seed = 0;  ///< pins random() where the engine allows
};

/// What may stop a statement. Both are watched while it runs and again before it starts: an
/// engine's interrupt that arrives early is lost, so it is sent until the statement has ended.
struct StopWhen {
    std::optional<std::chrono::steady_clock::time_point> deadline;
    const StopFlag* flag = nullptr;  ///< borrowed; outlives the statement
};

/// One connection: used by one thread at a time. Failures throw Error: kind `data` with the
/// engine's message, kind `cancelled` when StopWhen stopped it ("timed out" or "interrupted"). It
/// stays usable after either, and no transaction or open stream outlives a call.
class Connection {
  public:
    virtual ~Connection() = default;
    /// Applies to every later statement on this connection.
    virtual void stop_when(StopWhen condition) = 0;
    /// Throws Error(cancelled) where that holds at this moment: for waiting beside the engine.
    virtual void check_stop() const = 0;
    /// Runs one statement and throws its result away.
    virtual void execute(const std::string& sql) = 0;
    /// Runs one statement whose result is small.
    virtual Rows query(const std::string& sql) = 0;
    /// The columns of a SELECT, bound but not run.
    virtual Schema describe(const std::string& select) = 0;
    /// Materialises the SELECT and exports it. The stream owns its data: it outlives the
    /// connection's next statement. `out` is released by the caller. Types that Arrow cannot hold
    /// in full go out as text (TIMETZ, BIT, UNION …), HUGEINT as DECIMAL(38,0), an ENUM as a
    /// dictionary of text; cast back to the described type what comes in again. The whole result is
    /// in memory, for a moment twice.
    virtual void export_arrow(const std::string& select, ArrowArrayStream* out) = 0;
    /// Creates `table` (a quoted name) from a stream, which is consumed and released even on
    /// failure. Malformed input throws Error(plugin) and leaves no table behind. Of the stream's
    /// columns only those are stored whose name `wanted` accepts (all where it is empty; one at
    /// least); what the others hold is checked all the same.
    virtual void import_arrow(const std::string& table, ArrowArrayStream* stream,
                              const std::function<bool(const std::string&)>& wanted) = 0;
    void import_arrow(const std::string& table, ArrowArrayStream* stream) {
        import_arrow(table, stream, {});
    }
    /// Runs a SELECT of a BIGINT, each place from 0 to before `places` at most once, and of columns
    /// of values, and holds those. Nothing where they would take more than `most` bytes together,
    /// where there is no memory for them, or where the engine cannot hold their types (nested
    /// ones): and nothing is run then, but for letters of texts, which are counted on the way.
    /// Throws Error(plugin) where the places are others. For a moment the values are in memory
    /// twice.
    virtual HeldColumns hold(const std::string& select, std::size_t places, std::size_t most) {
        (void)select, (void)places, (void)most;
        return {};
    }
};

/// What a statement is, before anything runs it.
struct Statement {
    std::size_t count = 0;            ///< statements in the text
    bool is_select = false;           ///< the first one only reads
    bool parsed = false;              ///< the tree was available; if not, `tables` is empty
    std::string error;                ///< the engine's syntax message, or empty
    std::vector<std::string> tables;  ///< read, scopes respected, as written, no duplicates
    std::vector<std::string> table_functions;  ///< called, lower case
    std::vector<std::string> functions;        ///< called anywhere, lower case
    std::string canonical;  ///< a form in which white space and comments are no change
};

/// An embedded or remote SQL engine with the run's store in it. Thread-safe.
class SqlEngine {
  public:
    virtual ~SqlEngine() = default;
    virtual std::unique_ptr<Connection> connect() = 0;
    [[nodiscard]] virtual const Dialect& dialect() const = 0;
    /// "DuckDB v1.4.4"
    [[nodiscard]] virtual std::string version() const = 0;
    [[nodiscard]] virtual Statement inspect(const std::string& sql) const = 0;
    /// The same of many texts, in their order, where asking for all at once costs less.
    [[nodiscard]] virtual std::vector<Statement> inspect_all(
        const std::vector<std::string>& texts) const {
        std::vector<Statement> statements;
        for (const auto& sql : texts) statements.push_back(inspect(sql));
        return statements;
    }
    /// Reads a source into `table` (a quoted name). Only before lock_down(). `folder` anchors
    /// relative paths. `order_by` (SQL over its columns, may be empty) fixes another row order, for
    /// the noise floor. Throws Error(user) for files that are missing or unreadable, naming them,
    /// and Error(cancelled) when `stop` has come.
    virtual void load_source(const model::Source& source, const std::filesystem::path& folder,
                             const std::string& table, const std::string& order_by,
                             const StopWhen& stop = {}) = 0;
    /// Another number than was opened with. Only before lock_down().
    virtual void set_threads(unsigned threads) = 0;
    /// The files a source's paths mean, sorted; throws Error(user) when a path matches none.
    [[nodiscard]] virtual std::vector<std::filesystem::path> files_of(
        const model::Source& source, const std::filesystem::path& folder) const = 0;
    /// How the files of a source that was loaded as `table` look, for reading damaged copies of
    /// them later (read_copies_sql). Only before lock_down(). Throws Error(user).
    [[nodiscard]] virtual SourceFiles survey_files(const model::Source& source,
                                                   const std::filesystem::path& folder,
                                                   const std::string& table) const = 0;
    /// From here on the engine reaches no file but those under options.scratch, and its settings
    /// stand.
    virtual void lock_down() = 0;
    /// Functions whose result depends on the clock or on chance, and whether they are pinned here.
    [[nodiscard]] virtual bool pins(const std::string& function) const = 0;
    [[nodiscard]] virtual bool is_volatile(const std::string& function) const = 0;
    /// Table functions that a step may call (they reach nothing outside the database).
    [[nodiscard]] virtual bool allows_table_function(const std::string& function) const = 0;
};

/// An in-memory DuckDB with an empty `store` schema. Throws Error(internal) when it cannot be
/// opened.
std::unique_ptr<SqlEngine> open_duckdb(const EngineOptions& options);

}  // namespace faultline::engine
