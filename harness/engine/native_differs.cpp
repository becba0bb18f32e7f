#include "engine/native_differs.h"

#include <fmt/format.h>

#include <cstdint>

#include "engine/native_function.h"

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
    constexpr auto number = DUCKDB_TYPE_DOUBLE;
    register_native(connection, {differs_name, {number, number}, DUCKDB_TYPE_BOOLEAN, chunk, true});
}

std::string native_differs(const std::string& a, const std::string& b) {
    return fmt::format("{}({}, {})", differs_name, a, b);
}

}  // namespace faultline::engine
