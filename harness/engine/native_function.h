#pragma once

#include <concepts>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "engine/duckdb_handles.h"
#include "engine/native_numbers.h"

namespace faultline::engine {

/// A scalar function of ours that DuckDB calls a chunk at a time, on its own threads: it must touch
/// nothing but its arguments and what it was told.
struct NativeFunction {
    const char* name;
    std::vector<duckdb_type> takes;
    duckdb_type gives;
    duckdb_scalar_function_t run;
    /// True: it is called with NULLs as well, and says what they give. False: NULL gives NULL.
    bool sees_nulls = false;
    /// Set where the function takes one more argument, what it is told: see tell().
    duckdb_scalar_function_bind_t bind = nullptr;
    /// Set where `gives` does not say all of the type: instead of it.
    duckdb_logical_type gives_exactly = nullptr;
    /// What `bind` can ask for by duckdb_scalar_function_bind_get_extra_info(). Borrowed for as
    /// long as there is the database.
    void* knows = nullptr;
};

/// For all connections of the database. Throws Error(internal).
void register_native(duckdb_connection connection, const NativeFunction& function);

/// What a call is told, the same for all of its rows, as the SQL of its last argument. It is the
/// name of an enumeration's only member, so that it is part of a type and read once, when the
/// statement is bound. DuckDB writes a constant argument out for every row before it calls: one
/// byte of this, sixteen of a text.
std::string tell(const std::string& text);

/// What the argument of a call tells, while it is bound; nothing where it is another kind of
/// argument.
std::optional<std::string> told(duckdb_bind_info info, idx_t argument);

/// What a function can be told: numbers with a slash between two.
template <typename T>
concept Told = std::default_initializable<T> && std::copy_constructible<T> &&
    requires(T told, NativeNumbers numbers) {
    { told.read(numbers) } -> std::same_as<bool>;
};

/// The `bind` of a function that is told a `T` by its argument number `At`. A statement that tells
/// it anything else does not bind, with the message T::what.
template <Told T, idx_t At>
void bind_told(duckdb_bind_info info) {
    auto* kept = new (std::nothrow) T;
    const auto text = told(info, At);
    if (kept == nullptr || !text || !kept->read(NativeNumbers(*text))) {
        delete kept;
        duckdb_scalar_function_bind_set_error(info, T::what);
        return;
    }
    duckdb_scalar_function_set_bind_data(info, kept,
                                         [](void* data) { delete static_cast<T*>(data); });
    duckdb_scalar_function_set_bind_data_copy(info, [](void* data) -> void* {
        return new (std::nothrow) T(*static_cast<const T*>(data));
    });
}

/// What bind_told kept, while a chunk is run. Shared by all threads: nobody writes it.
template <Told T>
const T& told_of(duckdb_function_info info) {
    return *static_cast<const T*>(duckdb_scalar_function_get_bind_data(info));
}

}  // namespace faultline::engine
