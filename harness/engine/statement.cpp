#include "engine/statement.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "engine/duckdb_error.h"
#include "engine/duckdb_types.h"
#include "engine/parse_tree.h"

namespace faultline::engine {
namespace {

using nlohmann::json;

/// Takes out of the tree where in the text each part stood.
void erase_locations(json& tree) {
    if (tree.is_object()) tree.erase("query_location");
    if (tree.is_structured())
        for (auto& child : tree) erase_locations(child);
}

std::string text_in(duckdb_vector column, idx_t row) {
    const TypeHandle varchar(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
    Value cell = cell_of(column, varchar.get(), row);
    auto* text = std::get_if<std::string>(&cell);
    if (text == nullptr) throw Error(ErrorKind::internal, "DuckDB gave no parse tree");
    return std::move(*text);
}

}  // namespace

StatementReader::StatementReader(std::shared_ptr<DuckDbCore> core)
    : core_(std::move(core)), connection_(raw_connection(*core_)) {
    const auto prepare = [&](const char* sql, PreparedHandle& statement) {
        if (duckdb_prepare(connection_.get(), sql, statement.out()) != DuckDBSuccess)
            throw Error(ErrorKind::internal,
                        std::string("DuckDB cannot show parse trees: ") +
                            tidy_message(duckdb_prepare_error(statement.get())));
    };
    prepare("SELECT json_serialize_sql(CAST($1 AS VARCHAR))", serialize_);
    prepare("SELECT json_serialize_sql(t) FROM (SELECT unnest(CAST($1 AS VARCHAR[])) AS t)",
            serialize_all_);
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
    return text_in(duckdb_data_chunk_get_vector(chunk.get(), 0), 0);
}

std::optional<std::vector<std::string>> StatementReader::serialized_all(
    const std::vector<std::string>& texts) {
    std::vector<ValueHandle> held;
    std::vector<duckdb_value> values;
    for (const auto& text : texts) {
        if (text.find('\0') != std::string::npos) return std::nullopt;
        held.emplace_back(duckdb_create_varchar_length(text.data(), text.size()));
        if (!held.back()) return std::nullopt;  // no UTF-8
        values.push_back(held.back().get());
    }
    const TypeHandle varchar(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
    const ValueHandle list(duckdb_create_list_value(varchar.get(), values.data(), values.size()));
    ResultHandle result;
    if (!list || duckdb_bind_value(serialize_all_.get(), 1, list.get()) != DuckDBSuccess ||
        duckdb_execute_prepared(serialize_all_.get(), result.get()) != DuckDBSuccess)
        return std::nullopt;
    std::vector<std::string> trees;
    while (const ChunkHandle chunk{duckdb_fetch_chunk(*result.get())}) {
        const duckdb_vector column = duckdb_data_chunk_get_vector(chunk.get(), 0);
        const idx_t size = duckdb_data_chunk_get_size(chunk.get());
        for (idx_t row = 0; row < size; ++row) trees.push_back(text_in(column, row));
    }
    if (trees.size() != texts.size()) return std::nullopt;
    return trees;
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
    const std::lock_guard lock(mutex_);
    return read_with(sql, [&] { return serialized(sql); });
}

std::vector<Statement> StatementReader::read_all(const std::vector<std::string>& texts) {
    constexpr std::size_t at_once = 512;  // so that their trees stay small
    std::vector<Statement> statements;
    const std::lock_guard lock(mutex_);
    for (std::size_t first = 0; first < texts.size(); first += at_once) {
        const std::vector<std::string> part(
            texts.begin() + static_cast<std::ptrdiff_t>(first),
            texts.begin() + static_cast<std::ptrdiff_t>(std::min(first + at_once, texts.size())));
        auto trees = serialized_all(part);
        for (std::size_t i = 0; i < part.size(); ++i)
            statements.push_back(read_with(
                part[i], [&] { return trees ? std::move((*trees)[i]) : serialized(part[i]); }));
    }
    return statements;
}

Statement StatementReader::read_with(const std::string& sql,
                                     const std::function<std::string()>& serialized) {
    Statement statement;
    statement.canonical = trimmed_statement(sql);
    if (sql.find('\0') != std::string::npos) {
        statement.error = "the statement contains a NUL byte";
        return statement;
    }
    try {
        json tree = json::parse(serialized());
        erase_locations(tree);
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
