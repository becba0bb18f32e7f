#include "engine/native_clamped.h"

#include <fmt/format.h>

#include "core/error.h"

namespace faultline::engine {
namespace {

constexpr const char* clamped_name = "faultline_clamped";

/// Runs on DuckDB's threads; touches nothing but its arguments, which are flat.
void clamped_chunk(duckdb_function_info, duckdb_data_chunk input, duckdb_vector output) {
    const auto n = duckdb_data_chunk_get_size(input);
    const auto numbers = [&](idx_t argument) {
        return static_cast<const double*>(
            duckdb_vector_get_data(duckdb_data_chunk_get_vector(input, argument)));
    };
    const double *x = numbers(0), *low = numbers(1), *high = numbers(2);
    auto* out = static_cast<double*>(duckdb_vector_get_data(output));
    for (idx_t i = 0; i < n; ++i) {  // comparisons with NaN are false
        const double below = x[i] < low[i] ? low[i] : x[i];
        out[i] = x[i] > high[i] ? high[i] : below;
    }
    // DuckDB makes a NULL of a NULL where it is a constant alone.
    auto* valid = duckdb_vector_get_validity(duckdb_data_chunk_get_vector(input, 0));
    if (valid == nullptr) return;
    duckdb_vector_ensure_validity_writable(output);
    auto* out_valid = duckdb_vector_get_validity(output);
    for (idx_t i = 0; i < n; ++i)
        if (!duckdb_validity_row_is_valid(valid, i)) duckdb_validity_set_row_invalid(out_valid, i);
}

}  // namespace

void register_native_clamped(duckdb_connection connection) {
    const ScalarFunctionHandle function(duckdb_create_scalar_function());
    const TypeHandle number(duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE));
    duckdb_scalar_function_set_name(function.get(), clamped_name);
    for (int argument = 0; argument < 3; ++argument)
        duckdb_scalar_function_add_parameter(function.get(), number.get());
    duckdb_scalar_function_set_return_type(function.get(), number.get());
    duckdb_scalar_function_set_special_handling(function.get());  // NULL arguments are ours
    duckdb_scalar_function_set_function(function.get(), clamped_chunk);
    if (duckdb_register_scalar_function(connection, function.get()) != DuckDBSuccess)
        throw Error(ErrorKind::internal,
                    fmt::format("DuckDB refused the function {}", clamped_name));
}

std::string native_clamped(const std::string& x, const std::string& low, const std::string& high) {
    return fmt::format("{}({}, {}, {})", clamped_name, x, low, high);
}

}  // namespace faultline::engine
