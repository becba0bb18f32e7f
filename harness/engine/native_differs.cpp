#include "engine/native_differs.h"

#include <fmt/format.h>

#include <cstdint>

#include "core/error.h"

namespace faultline::engine {
namespace {

constexpr const char* differs_name = "faultline_differs";

/// Runs on DuckDB's threads; touches nothing but its arguments, which are flat.
void chunk(duckdb_function_info, duckdb_data_chunk input, duckdb_vector output) {
    const auto n = duckdb_data_chunk_get_size(input);
    duckdb_vector left = duckdb_data_chunk_get_vector(input, 0);
    duckdb_vector right = duckdb_data_chunk_get_vector(input, 1);
    const auto* a = static_cast<const double*>(duckdb_vector_get_data(left));
    const auto* b = static_cast<const double*>(duckdb_vector_get_data(right));
    auto* out = static_cast<bool*>(duckdb_vector_get_data(output));
    for (idx_t i = 0; i < n; ++i) out[i] = !((a[i] == b[i]) | ((a[i] != a[i]) & (b[i] != b[i])));
    auto* left_valid = duckdb_vector_get_validity(left);
    auto* right_valid = duckdb_vector_get_validity(right);
    if (left_valid == nullptr && right_valid == nullptr) return;
    for (idx_t i = 0; i < n; ++i) {
        const bool has_a = left_valid == nullptr || duckdb_validity_row_is_valid(left_valid, i);
        const bool has_b = right_valid == nullptr || duckdb_validity_row_is_valid(right_valid, i);
        if (!has_a || !has_b) out[i] = has_a != has_b;
    }
}

}  // namespace

void register_native_differs(duckdb_connection connection) {
    const ScalarFunctionHandle function(duckdb_create_scalar_function());
    const TypeHandle number(duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE));
    const TypeHandle result(duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN));
    duckdb_scalar_function_set_name(function.get(), differs_name);
    duckdb_scalar_function_add_parameter(function.get(), number.get());
    duckdb_scalar_function_add_parameter(function.get(), number.get());
    duckdb_scalar_function_set_return_type(function.get(), result.get());
    duckdb_scalar_function_set_special_handling(function.get());  // NULL arguments are ours
    duckdb_scalar_function_set_function(function.get(), chunk);
    if (duckdb_register_scalar_function(connection, function.get()) != DuckDBSuccess)
        throw Error(ErrorKind::internal,
                    fmt::format("DuckDB refused the function {}", differs_name));
}

std::string native_differs(const std::string& a, const std::string& b) {
    return fmt::format("{}({}, {})", differs_name, a, b);
}

}  // namespace faultline::engine
