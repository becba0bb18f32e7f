#pragma once

#include <algorithm>
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
    /// The column that a parameter names: spelled exactly so, else without regard to case, as
    /// engines read it. Throws ParamError that lists the columns there are.
    [[nodiscard]] const Column& named(const std::string& name) const {
        if (const auto* exact = find(name)) return *exact;
        std::string all;
        for (const auto& column : columns_) {
            if (column.name.size() == name.size() &&
                std::equal(name.begin(), name.end(), column.name.begin(), [](char a, char b) {
                    return (a >= 'A' && a <= 'Z' ? a + 32 : a) ==
                           (b >= 'A' && b <= 'Z' ? b + 32 : b);
                }))
                return column;
            all += (all.empty() ? "" : ", ") + column.name;
        }
        throw ParamError("there is no column \"" + name + "\" among " + all);
    }
    /// The declared key's columns, in the relation's order; none where none is declared.
    [[nodiscard]] std::vector<Column> key() const {
        std::vector<Column> parts;
        for (const auto& column : columns_)
            if (column.key) parts.push_back(column);
        return parts;
    }
    /// The columns that the user chose, else the declared key. Throws ParamError where there is
    /// neither.
    [[nodiscard]] std::vector<Column> targets_or_key() const {
        auto chosen = targets();
        if (chosen.empty()) chosen = key();
        if (chosen.empty())
            throw ParamError(
                "the node declares no key: state \"columns\", or \"key\" in the pipeline");
        return chosen;
    }
    /// The declared batch column. Throws ParamError where there is none.
    [[nodiscard]] const Column& batch() const {
        for (const auto& column : columns_)
            if (column.batch) return column;
        throw ParamError("the node declares no batch column: state \"batch\" in the pipeline");
    }

  private:
    std::string node_, from_;
    std::int64_t rows_;
    std::vector<Column> columns_;
    std::vector<std::string> hidden_;
};

}  // namespace faultline::sdk
