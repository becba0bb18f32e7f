#include "engine/native_held.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>
#include <utility>
#include <vector>

#include "core/error.h"
#include "engine/duckdb_types.h"
#include "engine/native_function.h"
#include "engine/native_numbers.h"

namespace faultline::engine {

/// Filled by one thread, and read by any number of them when that is done.
struct HeldValues final : HeldColumn {
    std::string function;
    std::uint64_t number = 0;
    std::size_t places = 0, width = 0;
    std::unique_ptr<std::byte[]> values;
    std::vector<std::uint64_t> there;  ///< a bit a place: it has a value
    std::vector<std::uint64_t> taken;  ///< a bit a place: it was filled; empty when all are
    bool complete = false;             ///< every place has a value

    [[nodiscard]] std::string at(const std::string& place) const override {
        return fmt::format("{}({}, {})", function, place, mark());
    }
    [[nodiscard]] std::string mark() const override { return tell(std::to_string(number)); }
    [[nodiscard]] std::size_t bytes() const override {
        return places * width + there.size() * sizeof there[0];
    }
    [[nodiscard]] bool has(std::uint64_t place) const {
        return (there[place / 64] >> (place % 64) & 1) != 0;
    }
};

namespace {

/// What a call is told: which values.
struct ToldValues {
    std::shared_ptr<const HeldValues> values;
};

void bind_held(duckdb_bind_info info) {
    const auto& registry =
        *static_cast<const HeldRegistry*>(duckdb_scalar_function_bind_get_extra_info(info));
    std::uint64_t number = 0;
    const auto text = told(info, 1);
    const bool read = text && (NativeNumbers(*text) >> number).done();
    auto values = read ? registry.find(number) : nullptr;
    auto* kept = values ? new (std::nothrow) ToldValues{std::move(values)} : nullptr;
    if (kept == nullptr) {
        duckdb_scalar_function_bind_set_error(info, "no values are held under that number");
        return;
    }
    duckdb_scalar_function_set_bind_data(info, kept,
                                         [](void* data) { delete static_cast<ToldValues*>(data); });
    duckdb_scalar_function_set_bind_data_copy(info, [](void* data) -> void* {
        return new (std::nothrow) ToldValues(*static_cast<const ToldValues*>(data));
    });
}

/// Runs on DuckDB's threads; touches nothing but its arguments, which are flat, and what it was
/// told.
template <std::size_t Width>
void held_chunk(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
    const auto n = duckdb_data_chunk_get_size(input);
    duckdb_vector column = duckdb_data_chunk_get_vector(input, 0);
    const auto* places = static_cast<const std::int64_t*>(duckdb_vector_get_data(column));
    auto* asked = duckdb_vector_get_validity(column);
    const auto& held =
        *static_cast<const ToldValues*>(duckdb_scalar_function_get_bind_data(info))->values;
    auto* out = static_cast<std::byte*>(duckdb_vector_get_data(output));
    const auto* values = held.values.get();
    idx_t first = 0;
    if (held.complete && asked == nullptr)  // mostly all of a chunk
        for (; first < n && static_cast<std::uint64_t>(places[first]) < held.places; ++first)
            std::memcpy(out + first * Width,
                        values + static_cast<std::uint64_t>(places[first]) * Width, Width);
    std::uint64_t* valid = nullptr;
    for (idx_t i = first; i < n; ++i) {
        const auto place = static_cast<std::uint64_t>(places[i]);
        if ((asked == nullptr || duckdb_validity_row_is_valid(asked, i)) && place < held.places &&
            held.has(place)) {
            std::memcpy(out + i * Width, values + place * Width, Width);
            continue;
        }
        if (valid == nullptr) {
            duckdb_vector_ensure_validity_writable(output);
            valid = duckdb_vector_get_validity(output);
        }
        duckdb_validity_set_row_invalid(valid, i);
    }
}

duckdb_scalar_function_t chunk_of(std::size_t width) {
    switch (width) {
        case 1:
            return held_chunk<1>;
        case 2:
            return held_chunk<2>;
        case 4:
            return held_chunk<4>;
        case 8:
            return held_chunk<8>;
        default:
            return held_chunk<16>;
    }
}

std::size_t width_of(duckdb_type type) {
    switch (type) {
        case DUCKDB_TYPE_BOOLEAN:
        case DUCKDB_TYPE_TINYINT:
        case DUCKDB_TYPE_UTINYINT:
            return 1;
        case DUCKDB_TYPE_SMALLINT:
        case DUCKDB_TYPE_USMALLINT:
            return 2;
        case DUCKDB_TYPE_INTEGER:
        case DUCKDB_TYPE_UINTEGER:
        case DUCKDB_TYPE_FLOAT:
        case DUCKDB_TYPE_DATE:
            return 4;
        case DUCKDB_TYPE_BIGINT:
        case DUCKDB_TYPE_UBIGINT:
        case DUCKDB_TYPE_DOUBLE:
        case DUCKDB_TYPE_TIME:
        case DUCKDB_TYPE_TIMESTAMP:
        case DUCKDB_TYPE_TIMESTAMP_S:
        case DUCKDB_TYPE_TIMESTAMP_MS:
        case DUCKDB_TYPE_TIMESTAMP_NS:
        case DUCKDB_TYPE_TIMESTAMP_TZ:
            return 8;
        case DUCKDB_TYPE_HUGEINT:
        case DUCKDB_TYPE_UHUGEINT:
        case DUCKDB_TYPE_UUID:
            return 16;
        default:
            return 0;
    }
}

}  // namespace

HeldRegistry::HeldRegistry() = default;
HeldRegistry::~HeldRegistry() = default;

std::size_t HeldRegistry::width(duckdb_logical_type type) {
    const auto id = duckdb_get_type_id(type);
    return width_of(id == DUCKDB_TYPE_DECIMAL ? duckdb_decimal_internal_type(type) : id);
}

std::string HeldRegistry::function(duckdb_connection connection, duckdb_logical_type type) {
    const std::lock_guard lock(mutex_);
    const auto text = type_text(type);
    if (const auto known = functions_.find(text); known != functions_.end()) return known->second;
    const auto name = fmt::format("faultline_held_{}", ++last_function_);
    NativeFunction function{
        name.c_str(), {DUCKDB_TYPE_BIGINT}, DUCKDB_TYPE_INVALID, chunk_of(width(type)), true,
        bind_held};
    function.gives_exactly = type;
    function.knows = this;
    register_native(connection, function);
    return functions_.emplace(text, name).first->second;
}

std::shared_ptr<HeldValues> HeldRegistry::make(duckdb_connection connection,
                                               duckdb_logical_type type, std::size_t places) {
    auto out = std::make_shared<HeldValues>();
    out->function = function(connection, type);
    out->places = places;
    out->width = width(type);
    // Not cleared: a place without a value is not read.
    out->values.reset(new (std::nothrow) std::byte[std::max<std::size_t>(1, places * out->width)]);
    if (!out->values) return nullptr;
    out->there.resize(places / 64 + 1);
    out->taken.resize(places / 64 + 1);
    return out;
}

std::shared_ptr<const HeldColumn> HeldRegistry::publish(std::shared_ptr<HeldValues> values) {
    values->taken = {};
    std::size_t many = 0;
    for (const auto bits : values->there) many += static_cast<std::size_t>(std::popcount(bits));
    values->complete = many == values->places;
    const std::lock_guard lock(mutex_);
    values->number = ++last_;
    std::erase_if(held_, [](const auto& entry) { return entry.second.expired(); });
    held_.emplace(values->number, values);
    return values;
}

std::shared_ptr<const HeldValues> HeldRegistry::find(std::uint64_t number) const {
    const std::lock_guard lock(mutex_);
    const auto found = held_.find(number);
    return found == held_.end() ? nullptr : found->second.lock();
}

bool fill_held(HeldValues& into, duckdb_vector places, duckdb_vector values, std::size_t count) {
    const auto* at = static_cast<const std::int64_t*>(duckdb_vector_get_data(places));
    const auto* from = static_cast<const std::byte*>(duckdb_vector_get_data(values));
    auto* placed = duckdb_vector_get_validity(places);
    auto* valid = duckdb_vector_get_validity(values);
    for (std::size_t i = 0; i < count; ++i) {
        const auto place = static_cast<std::uint64_t>(at[i]);
        const bool known = placed == nullptr || duckdb_validity_row_is_valid(placed, i);
        if (!known || place >= into.places) return false;
        const auto bit = std::uint64_t{1} << (place % 64);
        if ((into.taken[place / 64] & bit) != 0) return false;
        into.taken[place / 64] |= bit;
        if (valid != nullptr && !duckdb_validity_row_is_valid(valid, i)) continue;
        into.there[place / 64] |= bit;
        std::memcpy(into.values.get() + place * into.width, from + i * into.width, into.width);
    }
    return true;
}

}  // namespace faultline::engine
