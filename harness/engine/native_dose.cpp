#include "engine/native_dose.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "engine/native_function.h"
#include "engine/native_numbers.h"

namespace faultline::engine {
namespace {

constexpr std::size_t dose_piece = 512;
constexpr double nowhere = std::numeric_limits<double>::quiet_NaN();

// A value as what it is stored as.
double raw(double value) {
    return value;
}
std::int32_t raw(duckdb_date value) {
    return value.days;
}
std::int64_t raw(duckdb_timestamp value) {
    return value.micros;
}
// Each value of a type as the number that stands for its place; infinite times have none.
double place_of(double value) {
    return value;
}
double place_of(duckdb_date value) {
    const auto days = value.days;
    const bool infinite = days == std::numeric_limits<std::int32_t>::max() ||
                          days == -std::numeric_limits<std::int32_t>::max();
    return infinite ? nowhere : static_cast<double>(days) * 86400.0;
}
double place_of(duckdb_timestamp value) {
    const auto micros = value.micros;
    const bool infinite = micros == std::numeric_limits<std::int64_t>::max() ||
                          micros == -std::numeric_limits<std::int64_t>::max();
    return infinite ? nowhere : static_cast<double>(micros) / 1e6;
}

struct ToldCurve {
    static constexpr const char* what = "no dose is called that";
    DoseCurve curve;
    bool read(NativeNumbers in) {
        int shape = 0;
        in >> shape >> curve.first >> curve.span >> curve.start >> curve.end >> curve.turn;
        curve.shape = static_cast<DoseCurve::Shape>(shape);
        return in.done() && shape >= 0 && shape <= static_cast<int>(DoseCurve::Shape::season);
    }
};

/// Runs on DuckDB's threads; touches nothing but its arguments, which are flat, and what it
/// was told.
template <typename Value>
void dose_chunk(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
    const auto n = duckdb_data_chunk_get_size(input);
    duckdb_vector column = duckdb_data_chunk_get_vector(input, 0);
    const auto* values = static_cast<const Value*>(duckdb_vector_get_data(column));
    auto* out = static_cast<double*>(duckdb_vector_get_data(output));
    const DoseCurve& curve = told_of<ToldCurve>(info).curve;
    double places[dose_piece];
    for (idx_t from = 0; from < n; from += dose_piece) {
        const auto count = std::min<std::size_t>(dose_piece, n - from);
        // Rows mostly come batch by batch: what is the same for all of a piece is computed once.
        const bool same = std::all_of(values + from, values + from + count,
                                      [&](Value value) { return raw(value) == raw(values[from]); });
        const auto different = same ? 1 : count;
        for (std::size_t i = 0; i < different; ++i) places[i] = place_of(values[from + i]);
        curve.doses(places, different, out + from);
        if (same) std::fill(out + from, out + from + count, out[from]);
    }
    auto* valid = duckdb_vector_get_validity(column);
    for (idx_t i = 0; valid != nullptr && i < n; ++i)
        if (!duckdb_validity_row_is_valid(valid, i)) out[i] = 0;
}

}  // namespace

void register_native_doses(duckdb_connection connection) {
    const auto add = [&](const char* name, duckdb_type place, duckdb_scalar_function_t run) {
        register_native(connection,
                        {name, {place}, DUCKDB_TYPE_DOUBLE, run, true, bind_told<ToldCurve, 1>});
    };
    add("faultline_dose", DUCKDB_TYPE_DOUBLE, dose_chunk<double>);
    add("faultline_dose_of_date", DUCKDB_TYPE_DATE, dose_chunk<duckdb_date>);
    add("faultline_dose_of_time", DUCKDB_TYPE_TIMESTAMP, dose_chunk<duckdb_timestamp>);
}

std::optional<std::string> native_dose(const std::string& column, const std::string& type,
                                       const DoseCurve& curve) {
    const char* name = type == "DOUBLE"      ? "faultline_dose"
                       : type == "DATE"      ? "faultline_dose_of_date"
                       : type == "TIMESTAMP" ? "faultline_dose_of_time"
                                             : nullptr;
    if (name == nullptr) return std::nullopt;
    return fmt::format(
        "{}({}, {})", name, column,
        tell(fmt::format("{}/{}/{}/{}/{}/{}", static_cast<int>(curve.shape), curve.first,
                         curve.span, curve.start, curve.end, curve.turn)));
}

}  // namespace faultline::engine
