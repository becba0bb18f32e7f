#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "core/error.h"
#include "engine/dialect_duckdb.h"
#include "engine/duckdb_core.h"
#include "engine/duckdb_error.h"
#include "engine/load_source.h"
#include "engine/native_clamped.h"
#include "engine/native_differs.h"
#include "engine/native_dose.h"
#include "engine/native_draw.h"
#include "engine/pins.h"
#include "engine/statement.h"

namespace faultline::engine {
namespace {

namespace fs = std::filesystem;

void configure(duckdb_config config, const char* name, const std::string& value) {
    if (duckdb_set_config(config, name, value.c_str()) != DuckDBSuccess)
        throw Error(ErrorKind::internal,
                    fmt::format("DuckDB refused the setting {} = {}", name, value));
}

/// With its links resolved: DuckDB compares paths as text, so a link would lead out of the folder.
fs::path prepared_scratch(const fs::path& scratch) {
    if (scratch.empty()) return {};
    std::error_code failure;
    fs::create_directories(scratch, failure);
    const fs::path canonical = failure ? fs::path() : fs::canonical(scratch, failure);
    if (failure)
        throw Error(ErrorKind::user,
                    "cannot use the folder " + scratch.string() + ": " + failure.message());
    return canonical;
}

DatabaseHandle open_database(const EngineOptions& options, const fs::path& scratch) {
    ConfigHandle config;
    if (duckdb_create_config(config.out()) != DuckDBSuccess)
        throw Error(ErrorKind::internal, "DuckDB gave no configuration");
    configure(config.get(), "threads", std::to_string(options.threads == 0 ? 1 : options.threads));
    if (options.memory_bytes > 0)
        configure(config.get(), "memory_limit", fmt::format("{}B", options.memory_bytes));
    // Unset, DuckDB would spill to ".tmp" in the working directory.
    configure(config.get(), "temp_directory", scratch.empty() ? "" : (scratch / "spill").string());
    configure(config.get(), "preserve_insertion_order", "true");
    configure(config.get(), "autoinstall_known_extensions", "false");
    configure(config.get(), "autoload_known_extensions", "false");
    DatabaseHandle database;
    char* message = nullptr;
    if (duckdb_open_ext(":memory:", database.out(), config.get(), &message) != DuckDBSuccess)
        throw Error(ErrorKind::internal, "DuckDB cannot be opened: " + take_text(message));
    return database;
}

class DuckDbEngine final : public SqlEngine {
  public:
    explicit DuckDbEngine(const EngineOptions& options)
        : scratch_(prepared_scratch(options.scratch)), core_(std::make_shared<DuckDbCore>()) {
        core_->database = open_database(options, scratch_);
        const ConnectionHandle connection = raw_connection(*core_);
        run_setup(connection.get(), "CREATE SCHEMA store");
        // The machine's zone must not reach the results.
        run_setup(connection.get(), "SET GLOBAL TimeZone = 'UTC'");
        register_native_draws(connection.get());
        register_native_differs(connection.get());
        register_native_clamped(connection.get());
        register_native_doses(connection.get());
        reader_ = std::make_unique<StatementReader>(core_);
        if (!options.now.empty()) pin_clock(options.now);
    }

    std::unique_ptr<Connection> connect() override {
        return std::make_unique<DuckDbConnection>(core_);
    }
    [[nodiscard]] const Dialect& dialect() const override { return dialect_; }
    [[nodiscard]] std::string version() const override {
        return std::string("DuckDB ") + duckdb_library_version();
    }
    [[nodiscard]] Statement inspect(const std::string& sql) const override {
        return reader_->read(sql);
    }
    [[nodiscard]] std::vector<Statement> inspect_all(
        const std::vector<std::string>& texts) const override {
        return reader_->read_all(texts);
    }

    void load_source(const model::Source& source, const fs::path& folder, const std::string& table,
                     const std::string& order_by, const StopWhen& stop) override {
        refuse_when_locked();
        DuckDbConnection connection(core_);
        connection.stop_when(stop);
        load_source_into(*this, connection, source, folder, table, order_by);
    }

    void set_threads(unsigned threads) override {
        refuse_when_locked();
        const ConnectionHandle connection = raw_connection(*core_);
        run_setup(connection.get(), fmt::format("SET GLOBAL threads = {}", std::max(1u, threads)));
    }

    [[nodiscard]] std::vector<fs::path> files_of(const model::Source& source,
                                                 const fs::path& folder) const override {
        refuse_when_locked();
        DuckDbConnection connection(core_);
        return find_files(connection, dialect_, source, folder);
    }

    [[nodiscard]] SourceFiles survey_files(const model::Source& source, const fs::path& folder,
                                           const std::string& table) const override {
        refuse_when_locked();
        DuckDbConnection connection(core_);
        return engine::survey_files(connection, dialect_, source, folder, table);
    }

    void lock_down() override {
        if (locked_.exchange(true)) return;
        const ConnectionHandle connection = raw_connection(*core_);
        // In this order: given at opening, allowed_directories is silently empty, and once external
        // access is off it can only shrink.
        if (!scratch_.empty())
            run_setup(connection.get(),
                      "SET allowed_directories = [" + dialect_.literal(scratch_.string()) + "]");
        run_setup(connection.get(), "SET enable_external_access = false");
        run_setup(connection.get(), "SET lock_configuration = true");
    }

    [[nodiscard]] bool pins(const std::string& function) const override {
        return clock_pinned_ && is_pinned_function(function);
    }
    [[nodiscard]] bool is_volatile(const std::string& function) const override {
        return is_volatile_function(function);
    }
    [[nodiscard]] bool allows_table_function(const std::string& function) const override {
        return is_pure_table_function(function);
    }

  private:
    void refuse_when_locked() const {
        if (locked_.load())
            throw Error(ErrorKind::internal,
                        "a source was asked for after the engine was locked down");
    }

    void pin_clock(const std::string& now) {
        DuckDbConnection connection(core_);
        std::string utc;
        try {
            const Rows rows =
                connection.query("SELECT CAST(CAST(CAST(" + dialect_.literal(now) +
                                 " AS TIMESTAMP WITH TIME ZONE) AS TIMESTAMP) AS VARCHAR)");
            utc = std::get<std::string>(rows.rows.front().front());
        } catch (const Error& error) {
            throw Error(ErrorKind::user,
                        "\"now\" is not a timestamp: " + now + " (" + error.what() + ")");
        }
        for (const auto& statement : pin_statements(utc)) connection.execute(statement);
        clock_pinned_ = true;
    }

    fs::path scratch_;
    DuckDbDialect dialect_;
    std::shared_ptr<DuckDbCore> core_;
    std::unique_ptr<StatementReader> reader_;
    std::atomic<bool> locked_{false};
    bool clock_pinned_ = false;
};

}  // namespace

std::unique_ptr<SqlEngine> open_duckdb(const EngineOptions& options) {
    return std::make_unique<DuckDbEngine>(options);
}

}  // namespace faultline::engine
