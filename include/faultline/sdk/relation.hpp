#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "faultline/plugin.h"

namespace faultline::sdk {

/// Parameters that cannot be used: the user's fault. The host shows the message at the
/// perturbation.
class ParamError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Throw when call.cancelled() says so.
class Cancelled : public std::runtime_error {
  public:
    Cancelled() : std::runtime_error("cancelled") {}
};

enum class Family : std::int32_t {
    boolean = FAULTLINE_BOOLEAN,
    integer = FAULTLINE_INTEGER,
    decimal = FAULTLINE_DECIMAL,
    floating = FAULTLINE_FLOATING,
    text = FAULTLINE_TEXT,
    date = FAULTLINE_DATE,
    time = FAULTLINE_TIME,
    timestamp = FAULTLINE_TIMESTAMP,
    interval = FAULTLINE_INTERVAL,
    binary = FAULTLINE_BINARY,
    nested = FAULTLINE_NESTED,
    other = FAULTLINE_OTHER
};

struct Column {
    std::string name;
    std::string type;  ///< the engine's spelling, fit for Call::cast
    Family family = Family::other;
    bool target = false;  ///< the user's `columns` chose it
    bool key = false;     ///< part of the declared key
    bool batch = false;   ///< the declared batch column

    [[nodiscard]] bool numeric() const {
        return family == Family::integer || family == Family::decimal || family == Family::floating;
    }
};

/// The relation to perturb. Copied from the C struct, so it may be kept.
class Relation {
  public:
    explicit Relation(const faultline_relation& raw)
        : node_(raw.node), from_(raw.from), rows_(raw.rows) {
        const char* at = reinterpret_cast<const char*>(raw.columns);
        for (std::size_t i = 0; i < raw.column_count; ++i) {
            const auto* column = reinterpret_cast<const faultline_column*>(at);
            columns_.push_back({column->name, column->type, static_cast<Family>(column->family),
                                (column->flags & FAULTLINE_COLUMN_TARGET) != 0,
                                (column->flags & FAULTLINE_COLUMN_KEY) != 0,
                                (column->flags & FAULTLINE_COLUMN_BATCH) != 0});
            at += column->size;  // a newer host's struct may be longer than ours
        }
        for (std::size_t i = 0; i < raw.hidden_count; ++i) hidden_.emplace_back(raw.hidden[i]);
    }

    [[nodiscard]] const std::string& node() const { return node_; }
    [[nodiscard]] const std::string& from() const { return from_; }  ///< goes after FROM, quoted
    [[nodiscard]] std::int64_t rows() const { return rows_; }  ///< as first received; -1: not known
    [[nodiscard]] const std::vector<Column>& columns() const { return columns_; }
    /// The columns that must be passed on untouched. Projection does it for you.
    [[nodiscard]] const std::vector<std::string>& hidden() const { return hidden_; }
    /// The columns that the user chose.
    [[nodiscard]] std::vector<Column> targets() const {
        std::vector<Column> chosen;
        for (const auto& column : columns_)
            if (column.target) chosen.push_back(column);
        return chosen;
    }
    [[nodiscard]] const Column* find(const std::string& name) const {
        for (const auto& column : columns_)
            if (column.name == name) return &column;
        return nullptr;
    }

  private:
    std::string node_, from_;
    std::int64_t rows_;
    std::vector<Column> columns_;
    std::vector<std::string> hidden_;
};

}  // namespace faultline::sdk
