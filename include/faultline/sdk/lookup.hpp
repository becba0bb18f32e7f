#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "faultline/sdk/call.hpp"
#include "faultline/sdk/relation.hpp"

namespace faultline::sdk {

/// Values that rows look up by place: held in memory by the host, or, where it has no room for
/// them, joined from a table, which gives the same. Read `select()` by Projection::over. Borrows
/// its arguments.
class Lookup {
  public:
    Lookup(const Relation& relation, const Call& call) : relation_(relation), call_(call) {}

    /// What `select`, over relation.from(), returns: "place", a BIGINT from 0 to before `places`,
    /// each at most once, and the values "v0", "v1"…, `columns` of them.
    std::size_t read(const std::string& select, std::int64_t places, std::size_t columns) {
        tables_.push_back({call_.hold(select, places), {}, columns});
        if (!tables_.back().held) tables_.back().name = call_.table(select);
        return tables_.size() - 1;
    }
    /// The values at `place` (SQL of a BIGINT over relation.from()) of one that was read, in their
    /// order: NULL where there is none, and where `when` is not true.
    [[nodiscard]] std::vector<std::string> at(std::size_t table, const std::string& place,
                                              const std::string& when) {
        return values_at(table, place, when, false);
    }
    /// The same for expressions that name a value once or twice, and only where `when` is true.
    [[nodiscard]] std::vector<std::string> once_at(std::size_t table, const std::string& place,
                                                   const std::string& when) {
        return values_at(table, place, when, true);
    }
    /// The values at one place, the same for every row.
    [[nodiscard]] std::vector<std::string> at(std::size_t table, std::int64_t place) const {
        const auto& of = tables_.at(table);
        const auto number = std::to_string(place);
        if (of.held) return held_at(table, call_.cast(number, call_.type_name(Family::integer)));
        std::vector<std::string> values;
        for (std::size_t i = 0; i < of.columns; ++i)
            values.push_back("(SELECT v" + std::to_string(i) + " FROM " + of.name +
                             " WHERE place = " + number + ")");
        return values;
    }
    /// Every column of relation.from(), and what is joined to it.
    [[nodiscard]] std::string select() const {
        return "SELECT " + row_ + ".*" + extra_ + " FROM " + relation_.from() + " AS " + row_ +
               joins_;
    }

  private:
    struct Table {
        std::optional<std::uint32_t> held;
        std::string name;  ///< what goes after FROM; empty where it is held
        std::size_t columns;
    };
    [[nodiscard]] std::vector<std::string> values_at(std::size_t table, const std::string& place,
                                                     const std::string& when, bool once) {
        const auto& of = tables_.at(table);
        if (of.held && once) return held_at(table, place);
        const auto n = std::to_string(asked_++);
        const auto own = call_.quote("__fl_place" + n), joined = call_.quote("__fl_lookup" + n);
        std::vector<std::string> values;
        std::string columns;
        for (std::size_t i = 0; i < of.columns; ++i) {
            values.push_back(call_.quote("__fl_value" + n + "_" + std::to_string(i)));
            columns += ", v" + std::to_string(i) + " AS " + values.back();
            // Beside the row, and so looked up once, however often an expression names it.
            extra_ += of.held ? ", CASE WHEN " + when + " THEN " + held_at(table, place)[i] +
                                    " END AS " + values.back()
                              : ", " + joined + "." + values.back();
        }
        if (of.held) return values;
        joins_ += " LEFT JOIN (SELECT place AS " + own + columns + " FROM " + of.name + ") AS " +
                  joined + " ON " + joined + "." + own + " = CASE WHEN " + when + " THEN " + place +
                  " END";
        return values;
    }
    [[nodiscard]] std::vector<std::string> held_at(std::size_t table,
                                                   const std::string& place) const {
        const auto& of = tables_[table];
        std::vector<std::string> values;
        for (std::uint32_t i = 0; i < of.columns; ++i)
            values.push_back(call_.held_at(*of.held, i, place));
        return values;
    }

    const Relation& relation_;
    const Call& call_;
    std::vector<Table> tables_;
    std::string extra_, joins_, row_ = "\"__fl_row\"";
    int asked_ = 0;
};

}  // namespace faultline::sdk
