#include "engine/statement.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "engine/duckdb_error.h"
#include "engine/duckdb_types.h"
#include "engine/parse_tree.h"

namespace faultline::engine {
namespace {

using nlohmann::json;

/// The tree without where in the text each part stood.
json without_locations(const std::string& text) {
    return json::parse(text, [](int, json::parse_event_t event, json& parsed) {
        return event != json::parse_event_t::key || parsed != "query_location";
    });
}

}  // namespace

StatementReader::StatementReader(std::shared_ptr<DuckDbCore> core)
    : core_(std::move(core)), connection_(raw_connection(*core_)) {
    if (duckdb_prepare(connection_.get(), "SELECT json_serialize_sql(CAST($1 AS VARCHAR))",
                       serialize_.out()) != DuckDBSuccess)
        throw Error(ErrorKind::internal, std::string("DuckDB cannot show parse trees: ") +
                                             tidy_message(duckdb_prepare_error(serialize_.get())));
}

std::string StatementReader::serialized(const std::string& sql) {
    if (duckdb_bind_varchar_length(serialize_.get(), 1, sql.data(), sql.size()) != DuckDBSuccess)
        throw Error(ErrorKind::data, "the statement is not valid UTF-8");
    ResultHandle result;
    if (duckdb_execute_prepared(serialize_.get(), result.get()) != DuckDBSuccess)
        throw Error(ErrorKind::data, tidy_message(duckdb_result_error(result.get())));
    const ChunkHandle chunk{duckdb_fetch_chunk(*result.get())};
    if (!chunk || duckdb_data_chunk_get_size(chunk.get()) == 0)
        throw Error(ErrorKind::internal, "DuckDB gave no parse tree");
    const TypeHandle varchar(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
    const Value cell = cell_of(duckdb_data_chunk_get_vector(chunk.get(), 0), varchar.get(), 0);
    const auto* text = std::get_if<std::string>(&cell);
    if (text == nullptr) throw Error(ErrorKind::internal, "DuckDB gave no parse tree");
    return *text;
}

idx_t StatementReader::count_statements(const std::string& sql, std::string* error) {
    ExtractedHandle statements;
    const idx_t count = duckdb_extract_statements(connection_.get(), sql.c_str(), statements.out());
    if (count == 0 && error != nullptr) {
        const char* message = duckdb_extract_statements_error(statements.get());
        *error = message == nullptr || *message == '\0' ? "" : tidy_message(message);
    }
    return count;
}

/// A SELECT with a PIVOT that lists no values is parsed into CREATE TYPE statements and the SELECT.
/// What stands in parentheses after FROM can be nothing but one query, so that is the test for it.
bool StatementReader::is_pivot(const std::string& sql, idx_t count) {
    return count > 1 &&
           count_statements("SELECT * FROM (\n" + trimmed_statement(sql) + "\n)", nullptr) == count;
}

Statement StatementReader::read(const std::string& sql) {
    Statement statement;
    statement.canonical = trimmed_statement(sql);
    if (sql.find('\0') != std::string::npos) {
        statement.error = "the statement contains a NUL byte";
        return statement;
    }
    const std::lock_guard lock(mutex_);
    try {
        const json tree = without_locations(serialized(sql));
        if (!tree.value("error", true)) {
            const json& statements = tree.at("statements");
            statement.count = statements.size();
            statement.is_select = statement.parsed = statement.count > 0;
            if (statement.parsed) {
                statement.canonical = statements.dump();
                read_parse_tree(statements.front(), statement);
            }
            return statement;
        }
        statement.error = tree.value("error_message", "the statement cannot be parsed");
    } catch (const Error& error) {
        statement.error = error.what();
    } catch (const json::exception&) {
        statement.error = "the statement's parse tree cannot be read";
    }
    std::string syntax_error;
    statement.count = count_statements(sql, &syntax_error);
    if (!syntax_error.empty()) statement.error = syntax_error;
    if (is_pivot(sql, statement.count)) {
        statement.count = 1;
        statement.is_select = true;
        statement.error.clear();
    }
    return statement;
}

}  // namespace faultline::engine
