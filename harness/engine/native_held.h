#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "engine/duckdb_handles.h"
#include "engine/held_column.h"

namespace faultline::engine {

struct HeldValues;

/// What native functions look values up in, by number, and the functions: one for each type, since
/// each gives another, registered when the type is first held. Outlives the database. Thread-safe.
class HeldRegistry {
  public:
    HeldRegistry();
    ~HeldRegistry();
    HeldRegistry(const HeldRegistry&) = delete;
    HeldRegistry& operator=(const HeldRegistry&) = delete;

    /// The bytes that a place of this type takes, of a text without its letters; 0 where such
    /// values are not held.
    static std::size_t width(duckdb_logical_type type);
    /// Room for `places` values, all of them NULL; nothing where there is no memory for them.
    /// `connection` registers the type's function. Throws Error(internal).
    std::shared_ptr<HeldValues> make(duckdb_connection connection, duckdb_logical_type type,
                                     std::size_t places);
    /// From here on they can be looked up, and are not filled any more.
    std::shared_ptr<const HeldColumn> publish(std::shared_ptr<HeldValues> values);
    /// Nothing where nobody holds it any more.
    [[nodiscard]] std::shared_ptr<const HeldValues> find(std::uint64_t number) const;

  private:
    static bool is_text(duckdb_logical_type type);
    /// The name of the function that gives this type.
    std::string function(duckdb_connection connection, duckdb_logical_type type);

    mutable std::mutex mutex_;
    std::uint64_t last_ = 0, last_function_ = 0;
    std::map<std::string, std::string> functions_;  ///< by type
    std::unordered_map<std::uint64_t, std::weak_ptr<const HeldValues>> held_;
};

/// Puts a vector's first `count` values where `places`, a BIGINT vector, says. False where a place
/// is not one, or is taken. May throw std::bad_alloc.
bool fill_held(HeldValues& into, duckdb_vector places, duckdb_vector values, std::size_t count);

}  // namespace faultline::engine
