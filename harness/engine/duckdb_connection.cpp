#include <fmt/format.h>

#include <vector>

#include "engine/dialect_duckdb.h"
#include "engine/duckdb_core.h"
#include "engine/duckdb_error.h"
#include "engine/duckdb_types.h"

namespace faultline::engine {
namespace {

void refuse_nul(const std::string& sql) {
    if (sql.find('\0') != std::string::npos)
        throw Error(ErrorKind::data, "the statement contains a NUL byte");
}

}  // namespace

std::string trimmed_statement(const std::string& sql) {
    const auto end = sql.find_last_not_of(" \t\r\n\f\v;");
    if (end == std::string::npos) return {};
    const auto begin = sql.find_first_not_of(" \t\r\n\f\v");
    return sql.substr(begin, end + 1 - begin);
}

std::string with_text_columns(duckdb_prepared_statement statement, const std::string& sql,
                              bool (*keeps)(duckdb_logical_type)) {
    if (duckdb_prepared_statement_type(statement) != DUCKDB_STATEMENT_TYPE_SELECT) return {};
    const DuckDbDialect dialect;
    std::string columns;
    bool any_cast = false;
    const idx_t count = duckdb_prepared_statement_column_count(statement);
    for (idx_t i = 0; i < count; ++i) {
        const TypeHandle type(duckdb_prepared_statement_column_logical_type(statement, i));
        const std::string position = fmt::format("#{}", i + 1);
        const bool kept = keeps(type.get());
        any_cast = any_cast || !kept;
        columns += fmt::format("{}{} AS {}", i > 0 ? ", " : "",
                               kept ? position : dialect.cast(position, "VARCHAR"),
                               dialect.quote(column_name(statement, i)));
    }
    if (!any_cast) return {};
    return fmt::format("SELECT {} FROM (\n{}\n)", columns, trimmed_statement(sql));
}

ConnectionHandle raw_connection(const DuckDbCore& core) {
    ConnectionHandle connection;
    if (duckdb_connect(core.database.get(), connection.out()) != DuckDBSuccess)
        throw Error(ErrorKind::internal, "DuckDB refused a connection");
    return connection;
}

void run_setup(duckdb_connection connection, const std::string& sql) {
    ResultHandle result;
    if (duckdb_query(connection, sql.c_str(), result.get()) == DuckDBSuccess) return;
    throw Error(ErrorKind::internal,
                "DuckDB could not be set up: " + tidy_message(duckdb_result_error(result.get())) +
                    " (" + sql + ")");
}

DuckDbConnection::DuckDbConnection(std::shared_ptr<DuckDbCore> core)
    : core_(std::move(core)), connection_(raw_connection(*core_)) {}

void DuckDbConnection::run(const std::string& sql, const Interrupter::Watch& watch,
                           duckdb_result* result) {
    refuse_nul(sql);
    if (duckdb_query(connection_.get(), sql.c_str(), result) == DuckDBSuccess) return;
    const char* message = duckdb_result_error(result);
    throw_failure(watch, message == nullptr ? "" : message);
}

void DuckDbConnection::run(duckdb_prepared_statement statement, const Interrupter::Watch& watch,
                           duckdb_result* result) {
    if (duckdb_execute_prepared(statement, result) == DuckDBSuccess) return;
    const char* message = duckdb_result_error(result);
    throw_failure(watch, message == nullptr ? "" : message);
}

PreparedHandle DuckDbConnection::prepare(duckdb_connection connection, const std::string& sql,
                                         const Interrupter::Watch& watch) {
    refuse_nul(sql);
    ExtractedHandle statements;
    const idx_t count = duckdb_extract_statements(connection, sql.c_str(), statements.out());
    if (count == 0) {
        const char* message = duckdb_extract_statements_error(statements.get());
        throw Error(ErrorKind::data,
                    message == nullptr ? "the text holds no statement" : tidy_message(message));
    }
    PreparedHandle prepared;
    for (idx_t i = 0; i < count; ++i) {
        if (duckdb_prepare_extracted_statement(connection, statements.get(), i, prepared.out()) !=
            DuckDBSuccess)
            throw_failure(watch, duckdb_prepare_error(prepared.get()));
        if (i + 1 == count) break;
        ResultHandle result;
        run(prepared.get(), watch, result.get());
    }
    return prepared;
}

void DuckDbConnection::check_stop() const {
    throw_if_stopped(stop_);
}

void DuckDbConnection::execute(const std::string& sql) {
    const Interrupter::Watch watch(core_->interrupter, connection_.get(), stop_);
    ResultHandle result;
    run(sql, watch, result.get());
}

std::optional<Schema> DuckDbConnection::bound(const std::string& select) {
    if (!binder_) {
        binder_ = raw_connection(*core_);
        run_setup(binder_.get(), "PRAGMA disable_optimizer");
    }
    const Interrupter::Watch watch(core_->interrupter, binder_.get(), stop_);
    try {
        return columns_of(prepare(binder_.get(), select, watch).get());
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::data) throw;
        return std::nullopt;
    }
}

Schema DuckDbConnection::describe(const std::string& select) {
    // Optimising is half of what preparing costs. What fails is asked again in the ordinary way,
    // so that whether a statement binds, and what is said of it, is what running it would say.
    if (auto columns = bound(select)) return std::move(*columns);
    const Interrupter::Watch watch(core_->interrupter, connection_.get(), stop_);
    return columns_of(prepare(select, watch).get());
}

Rows DuckDbConnection::query(const std::string& sql) {
    const Interrupter::Watch watch(core_->interrupter, connection_.get(), stop_);
    PreparedHandle prepared = prepare(sql, watch);
    Rows rows;
    rows.schema = columns_of(prepared.get());
    if (const std::string wrapped = with_text_columns(prepared.get(), sql, has_native_value);
        !wrapped.empty())
        prepared = prepare(wrapped, watch);

    ResultHandle result;
    run(prepared.get(), watch, result.get());
    const idx_t columns = duckdb_column_count(result.get());
    std::vector<TypeHandle> types;
    for (idx_t c = 0; c < columns; ++c)
        types.emplace_back(duckdb_column_logical_type(result.get(), c));
    while (const ChunkHandle chunk{duckdb_fetch_chunk(*result.get())}) {
        const idx_t size = duckdb_data_chunk_get_size(chunk.get());
        if (size == 0) break;
        for (idx_t r = 0; r < size; ++r) {
            auto& row = rows.rows.emplace_back();
            row.reserve(columns);
            for (idx_t c = 0; c < columns; ++c)
                row.push_back(
                    cell_of(duckdb_data_chunk_get_vector(chunk.get(), c), types[c].get(), r));
        }
    }
    // A missing chunk is the end or a late error.
    if (const char* late = duckdb_result_error(result.get()); late != nullptr && *late != '\0')
        throw_failure(watch, late);
    return rows;
}

}  // namespace faultline::engine
