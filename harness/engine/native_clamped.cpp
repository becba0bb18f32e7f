#include "engine/native_clamped.h"

#include <fmt/format.h>

#include "engine/native_function.h"

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
    constexpr auto number = DUCKDB_TYPE_DOUBLE;
    register_native(connection,
                    {clamped_name, {number, number, number}, number, clamped_chunk, true});
}

std::string native_clamped(const std::string& x, const std::string& low, const std::string& high) {
    return fmt::format("{}({}, {}, {})", clamped_name, x, low, high);
}

}  // namespace faultline::engine
