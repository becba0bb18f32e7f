#include "engine/native_draw.h"

#include <cstdint>

#include "core/draws.h"
#include "core/error.h"
#include "engine/dialect_duckdb.h"

namespace faultline::engine {
namespace {

constexpr std::uint64_t low_mask = 0xffffffffu;

/// Runs on DuckDB's threads; touches nothing but its arguments. DuckDB hands over flat vectors, and
/// NULL arguments are NULL results whatever is written for them.
void draw_chunk(duckdb_function_info, duckdb_data_chunk input, duckdb_vector output) {
    const auto column = [&](idx_t i) {
        return static_cast<const std::int64_t*>(
            duckdb_vector_get_data(duckdb_data_chunk_get_vector(input, i)));
    };
    const std::int64_t* key = column(0);
    const std::int64_t* low = column(1);
    const std::int64_t* high = column(2);
    const std::int64_t* index = column(3);
    auto* result = static_cast<std::int64_t*>(duckdb_vector_get_data(output));
    const idx_t size = duckdb_data_chunk_get_size(input);
    for (idx_t i = 0; i < size; ++i) {
        const std::uint64_t stream = (static_cast<std::uint64_t>(high[i]) << 32) |
                                     (static_cast<std::uint64_t>(low[i]) & low_mask);
        result[i] = draw(key[i], stream, static_cast<std::uint32_t>(index[i]));
    }
}

}  // namespace

void register_native_draw(duckdb_connection connection) {
    const ScalarFunctionHandle function(duckdb_create_scalar_function());
    const TypeHandle bigint(duckdb_create_logical_type(DUCKDB_TYPE_BIGINT));
    duckdb_scalar_function_set_name(function.get(), DuckDbDialect().draw_function().c_str());
    for (int i = 0; i < 4; ++i) duckdb_scalar_function_add_parameter(function.get(), bigint.get());
    duckdb_scalar_function_set_return_type(function.get(), bigint.get());
    duckdb_scalar_function_set_function(function.get(), draw_chunk);
    if (duckdb_register_scalar_function(connection, function.get()) != DuckDBSuccess)
        throw Error(ErrorKind::internal, "DuckDB refused the draw function");
}

}  // namespace faultline::engine
