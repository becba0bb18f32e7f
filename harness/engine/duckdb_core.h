#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "engine/duckdb_handles.h"
#include "engine/engine.h"
#include "engine/interrupter.h"
#include "engine/native_held.h"

namespace faultline::engine {

/// What an engine and its connections share: the database, and the thread that interrupts.
/// Connections hold it too, so the order in which they and the engine go does not matter.
struct DuckDbCore {
    HeldRegistry held;  ///< before the database, whose functions know it
    DatabaseHandle database;
    Interrupter interrupter;
};

/// A connection for this layer's own use. Throws Error(internal).
ConnectionHandle raw_connection(const DuckDbCore& core);

/// Runs statements whose failure is the harness's own fault. Throws Error(internal).
void run_setup(duckdb_connection connection, const std::string& sql);

/// White space, and the semicolons a user may have ended a statement with, taken off.
std::string trimmed_statement(const std::string& sql);

/// The same rows with every column that `keeps` does not keep cast to text by the engine, or empty
/// when there is none (or the statement is no SELECT).
std::string with_text_columns(duckdb_prepared_statement statement, const std::string& sql,
                              bool (*keeps)(duckdb_logical_type));

/// The Connection of the interface. Defined in duckdb_connection.cpp, its Arrow part in
/// duckdb_export.cpp and duckdb_import.cpp, hold() in duckdb_hold.cpp.
class DuckDbConnection final : public Connection {
  public:
    explicit DuckDbConnection(std::shared_ptr<DuckDbCore> core);

    void stop_when(StopWhen condition) override { stop_ = condition; }
    void check_stop() const override;
    void execute(const std::string& sql) override;
    Rows query(const std::string& sql) override;
    Schema describe(const std::string& select) override;
    void export_arrow(const std::string& select, ArrowArrayStream* out) override;
    using Connection::import_arrow;
    void import_arrow(const std::string& table, ArrowArrayStream* stream,
                      const std::function<bool(const std::string&)>& wanted) override;
    HeldColumns hold(const std::string& select, std::size_t places, std::size_t most) override;

  private:
    /// Prepares the last statement of the text after running those before it. A user writes one;
    /// DuckDB makes several of a PIVOT without IN, the first of which create the enum of its
    /// columns.
    PreparedHandle prepare(const std::string& sql, const Interrupter::Watch& watch) {
        return prepare(connection_.get(), sql, watch);
    }
    static PreparedHandle prepare(duckdb_connection connection, const std::string& sql,
                                  const Interrupter::Watch& watch);
    /// The columns, bound without optimising a plan that nobody runs; nullopt where that fails.
    std::optional<Schema> bound(const std::string& select);
    void run(const std::string& sql, const Interrupter::Watch& watch, duckdb_result* result);
    static void run(duckdb_prepared_statement statement, const Interrupter::Watch& watch,
                    duckdb_result* result);

    std::shared_ptr<DuckDbCore> core_;
    ConnectionHandle connection_;
    ConnectionHandle binder_;  ///< opened when first needed; its optimizer is off
    StopWhen stop_;
};

}  // namespace faultline::engine
