#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace faultline::engine {

/// What a column can hold, as far as perturbing it goes.
enum class TypeFamily {
    boolean,
    integer,
    decimal,
    floating,
    text,
    date,
    time,
    timestamp,
    interval,
    binary,
    nested,
    other
};

const char* name_of(TypeFamily family);

struct Column {
    std::string name;
    std::string type;  ///< the engine's own spelling, fit for CAST
    TypeFamily family = TypeFamily::other;
    friend bool operator==(const Column&, const Column&) = default;
};
using Schema = std::vector<Column>;

/// One cell of a small result. Types without a native form here come as the engine's text.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

/// A small result, whole in memory: metrics, counts, previews. Never a node's rows.
struct Rows {
    Schema schema;
    std::vector<std::vector<Value>> rows;
};

}  // namespace faultline::engine
