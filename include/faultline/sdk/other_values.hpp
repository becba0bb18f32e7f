#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "faultline/sdk/call.hpp"
#include "faultline/sdk/relation.hpp"
#include "faultline/sdk/whole_run.hpp"

namespace faultline::sdk {

/// For faults that give a row what belongs to another: a value drawn from the column's other
/// different values, each as likely as the next, whatever the severity. Columns given together (a
/// key of several parts) keep together. Read `select()` by Projection::over; NULL is never hit and
/// never given. Borrows its arguments.
class OtherValues {
  public:
    /// `from` goes after FROM, where it is not the relation itself: every column of it and more.
    OtherValues(const Relation& relation, const Call& call, std::string from = {})
        : relation_(relation),
          call_(call),
          from_(from.empty() ? relation.from() : std::move(from)) {}

    /// The values for these columns as SQL, in their order: NULL where there is no other. `draw` is
    /// the index of the uniform that decides.
    std::vector<std::string> of(const std::vector<Column>& columns, std::uint32_t draw) {
        if (columns.size() == 1)
            if (const auto run = WholeRun::of(columns[0], relation_, call_))
                return {run->other(call_.quote(columns[0]), draw)};
        const auto n = std::to_string(count_++);
        const auto gift = call_.quote("__fl_gift" + n);
        std::string list, names, present, same, pairs, joined;
        std::vector<std::string> values;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const auto name = call_.quote("__fl_v" + std::to_string(i));
            const auto value = call_.quote("__fl_o" + n + "_" + std::to_string(i));
            const auto column = call_.quote(columns[i]);
            const auto comma = i == 0 ? "" : ", ", also = i == 0 ? "" : " AND ";
            list += comma + column + " AS " + name;
            names += comma + name;
            present += also + column + " IS NOT NULL";
            same += also + ("own." + name) + " = hit." + name;
            pairs += ", asked." + name + ", other." + name + " AS " + value;
            joined += " AND " + gift + "." + name + " = " + row_ + "." + column;
            extra_ += ", " + gift + "." + value;
            values.push_back(value);
        }
        // Each different value with its place in their order, which no hit and no draw decides.
        const auto places =
            call_.table("SELECT " + names + ", row_number() OVER (ORDER BY " + names +
                        ") - 1 AS i FROM " + "(SELECT DISTINCT " + list + " FROM " +
                        relation_.from() + " WHERE " + present + ") AS \"__fl_distinct\"");
        const auto many = count_of(places);
        const auto step = call_.cast("floor(hit.u * " + call_.number(many - 1) + ")",
                                     call_.type_name(Family::integer));
        const auto hits = call_.rows_unique()
                              ? "(SELECT " + call_.key() + " AS k, "
                              // Copies of a row have its key, and may have another value by now.
                              : "(SELECT DISTINCT " + call_.key() + " AS k, ";
        // Equalities of columns alone: of any other condition the engine would ask each with each.
        const auto asked = "(SELECT hit.*, " +
                           (many > 1 ? "(own.i + 1 + " + step + ") % " +
                                           std::to_string(static_cast<std::int64_t>(many))
                                     : call_.cast("NULL", call_.type_name(Family::integer))) +
                           " AS i FROM " + hits + call_.uniform(draw) + " AS u, " + list +
                           " FROM " + relation_.from() + " WHERE " + call_.selected() + " AND " +
                           present + ") AS hit JOIN " + places + " AS own ON " + same + ")";
        joins_ += " LEFT JOIN (SELECT asked.k" + pairs + " FROM " + asked + " AS asked JOIN " +
                  places + " AS other ON other.i = asked.i) AS " + gift + " ON " + gift +
                  ".k = CASE WHEN " + call_.selected() + " THEN " + row_ + "." + call_.key() +
                  " END" + (call_.rows_unique() ? "" : joined);
        return values;
    }
    [[nodiscard]] std::string select() const {
        return "SELECT " + row_ + ".*" + extra_ + " FROM " + from_ + " AS " + row_ + joins_;
    }
    /// Has the column a second value to give? Then every row that is hit has another.
    [[nodiscard]] bool has_others(const Column& column) const {
        const auto cell = call_.quote(column);
        return call_
            .value("SELECT CASE WHEN min(" + cell + ") < max(" + cell + ") THEN 'two' END FROM " +
                   relation_.from())
            .has_value();
    }

  private:
    [[nodiscard]] double count_of(const std::string& table) const {
        const auto rows = call_.value(
            "SELECT " + call_.cast("count(*)", call_.type_name(Family::text)) + " FROM " + table);
        return std::strtod(rows.value_or("'0'").c_str() + 1, nullptr);  // behind the quote
    }

    const Relation& relation_;
    const Call& call_;
    std::string from_, extra_, joins_;
    std::string row_ = "\"__fl_row\"";
    int count_ = 0;
};

}  // namespace faultline::sdk
