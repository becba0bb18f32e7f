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
#include "engine/held_values.h"
#include "engine/native_function.h"
#include "engine/native_numbers.h"

namespace faultline::engine {

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

/// What a call is asked for. Runs on DuckDB's threads; touches nothing but its arguments, which are
/// flat, and what it was told.
struct Asked {
    Asked(duckdb_function_info info, duckdb_data_chunk input)
        : held(*static_cast<const ToldValues*>(duckdb_scalar_function_get_bind_data(info))->values),
          count(duckdb_data_chunk_get_size(input)) {
        duckdb_vector column = duckdb_data_chunk_get_vector(input, 0);
        places = static_cast<const std::int64_t*>(duckdb_vector_get_data(column));
        known = duckdb_vector_get_validity(column);
    }
    /// `put(row, place)` for each row from `first` on whose place has a value; the others are NULL.
    template <typename Put>
    void answer(idx_t first, duckdb_vector output, const Put& put) const {
        std::uint64_t* valid = nullptr;
        for (idx_t i = first; i < count; ++i) {
            const auto place = static_cast<std::uint64_t>(places[i]);
            if ((known == nullptr || duckdb_validity_row_is_valid(known, i)) &&
                place < held.places && held.has(place)) {
                put(i, place);
                continue;
            }
            if (valid == nullptr) {
                duckdb_vector_ensure_validity_writable(output);
                valid = duckdb_vector_get_validity(output);
            }
            duckdb_validity_set_row_invalid(valid, i);
        }
    }

    const HeldValues& held;
    idx_t count;
    const std::int64_t* places;
    std::uint64_t* known;
};

template <std::size_t Width>
void held_chunk(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
    const Asked asked(info, input);
    const auto* values = asked.held.values.get();
    auto* out = static_cast<std::byte*>(duckdb_vector_get_data(output));
    const auto put = [&](idx_t row, std::uint64_t place) {
        std::memcpy(out + row * Width, values + place * Width, Width);
    };
    idx_t first = 0;
    if (asked.held.complete && asked.known == nullptr)  // mostly all of a chunk
        for (; first < asked.count; ++first) {
            const auto place = static_cast<std::uint64_t>(asked.places[first]);
            if (place >= asked.held.places) break;
            put(first, place);
        }
    asked.answer(first, output, put);
}

/// The same of texts, which the engine copies.
void held_texts(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
    const Asked asked(info, input);
    asked.answer(0, output, [&](idx_t row, std::uint64_t place) {
        HeldText text;
        std::memcpy(&text, asked.held.values.get() + place * sizeof text, sizeof text);
        const auto letters = text.in(asked.held.letters);
        duckdb_vector_assign_string_element_len(output, row, letters.data(), letters.size());
    });
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

bool HeldRegistry::is_text(duckdb_logical_type type) {
    // JSON is text under another name, for which the engine has ways of its own.
    const std::unique_ptr<char, void (*)(void*)> alias(duckdb_logical_type_get_alias(type),
                                                       duckdb_free);
    return duckdb_get_type_id(type) == DUCKDB_TYPE_VARCHAR && alias == nullptr;
}

std::size_t HeldRegistry::width(duckdb_logical_type type) {
    if (is_text(type)) return sizeof(HeldText);
    const auto id = duckdb_get_type_id(type);
    return width_of(id == DUCKDB_TYPE_DECIMAL ? duckdb_decimal_internal_type(type) : id);
}

std::string HeldRegistry::function(duckdb_connection connection, duckdb_logical_type type) {
    const std::lock_guard lock(mutex_);
    const auto text = type_text(type);
    if (const auto known = functions_.find(text); known != functions_.end()) return known->second;
    const auto name = fmt::format("faultline_held_{}", ++last_function_);
    NativeFunction function{name.c_str(),
                            {DUCKDB_TYPE_BIGINT},
                            DUCKDB_TYPE_INVALID,
                            is_text(type) ? held_texts : chunk_of(width(type)),
                            true,
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
    out->texts = is_text(type);
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
    static_assert(sizeof(HeldText) == sizeof(duckdb_string_t));
    for (std::size_t i = 0; i < count; ++i) {
        const auto place = static_cast<std::uint64_t>(at[i]);
        const bool known = placed == nullptr || duckdb_validity_row_is_valid(placed, i);
        if (!known || place >= into.places) return false;
        const auto bit = std::uint64_t{1} << (place % 64);
        if ((into.taken[place / 64] & bit) != 0) return false;
        into.taken[place / 64] |= bit;
        if (valid != nullptr && !duckdb_validity_row_is_valid(valid, i)) continue;
        into.there[place / 64] |= bit;
        const auto* value = from + i * into.width;
        HeldText text;
        if (into.texts) {
            duckdb_string_t given;
            std::memcpy(&given, value, sizeof given);
            text = HeldText::of({duckdb_string_t_data(&given), duckdb_string_t_length(given)},
                                into.letters);
            value = reinterpret_cast<const std::byte*>(&text);
        }
        std::memcpy(into.values.get() + place * into.width, value, into.width);
    }
    return true;
}

}  // namespace faultline::engine
