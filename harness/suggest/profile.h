#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.h"

namespace faultline::suggest {

/// What one column holds, as far as choosing a dose needs it. Numbers are over the finite values.
struct ColumnProfile {
    engine::Column column;
    std::int64_t rows = 0, nulls = 0;
    std::int64_t distinct = 0;                         ///< different values that are not NULL
    std::optional<double> low, high, mean, deviation;  ///< numeric columns
    std::int64_t zeros = 0;                            ///< numeric columns
    double days = 0;                                   ///< dates and timestamps: first to last
    std::string first, last;                           ///< dates and timestamps, as text
    std::int64_t padded = 0;    ///< text: values such as "007", whose zeros a number would lose
    std::int64_t lettered = 0;  ///< text: values that have a case
    /// Of columns with few values: each with its rows, the most frequent first, ties by value.
    std::vector<std::pair<std::string, std::int64_t>> values;

    [[nodiscard]] std::int64_t present() const { return rows - nulls; }
    [[nodiscard]] bool varies() const { return distinct >= 2; }
    /// Every row has a value of its own.
    [[nodiscard]] bool identifies() const { return rows > 0 && nulls == 0 && distinct == rows; }
    [[nodiscard]] bool numeric() const;
    [[nodiscard]] bool temporal() const;
};

/// A relation and its columns, in their order.
struct RelationProfile {
    std::int64_t rows = 0;
    std::vector<ColumnProfile> columns;
    std::size_t left_out = 0;  ///< columns beyond the cap, which nobody has looked at

    /// By name as the engine spells it, or nullptr.
    [[nodiscard]] const ColumnProfile* find(const std::string& name) const;
};

/// The parts of a relation that arrive together.
struct BatchProfile {
    std::string column;
    std::int64_t count = 0;                              ///< batches, NULL not among them
    std::int64_t smallest = 0, middle = 0, largest = 0;  ///< rows a batch
    std::int64_t latest = 0;                             ///< rows of the last one
};

/// At most this many values make a column one of categories.
inline constexpr std::int64_t most_values = 20;

/// Looks at the relation that `select` gives: one query a column, on the calling thread's
/// connection. `wanted` are the columns to look at, at most; the rest is counted in left_out. The
/// same data give the same profile whatever the order of rows, where the engine has one thread.
RelationProfile profile_of(engine::Connection& connection, const engine::Dialect& dialect,
                           const std::string& select, const engine::Schema& wanted,
                           std::size_t left_out);

BatchProfile batches_of(engine::Connection& connection, const engine::Dialect& dialect,
                        const std::string& select, const engine::Column& column);

}  // namespace faultline::suggest
