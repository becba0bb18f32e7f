#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "faultline/sdk/call.hpp"
#include "faultline/sdk/relation.hpp"

namespace faultline::sdk {

/// For faults that give a row what belongs to another: a value drawn from the column's other
/// different values, each as likely as the next, whatever the severity. Columns given together (a
/// key of several parts) keep together. Read `select()` by Projection::over; NULL is never hit and
/// never given. Borrows its arguments.
class OtherValues {
  public:
    /// `from` goes after FROM, where it is not the relation itself: every column of it and more.
    OtherValues(const Relation& relation, const Call& call, std::string from = {})
        : call_(call), from_(from.empty() ? relation.from() : std::move(from)) {}

    /// The values for these columns as SQL, in their order: NULL where there is no other. `draw` is
    /// the index of the uniform that decides.
    std::vector<std::string> of(const std::vector<Column>& columns, std::uint32_t draw) {
        const auto n = std::to_string(count_++);
        const auto own = call_.quote("__fl_own" + n), other = call_.quote("__fl_other" + n);
        std::string list, names, present, is_own;
        std::vector<std::string> values;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const auto name = call_.quote("__fl_v" + std::to_string(i));
            const auto column = call_.quote(columns[i]);
            list += (i == 0 ? "" : ", ") + column + " AS " + name;
            names += (i == 0 ? "" : ", ") + name;
            present += (i == 0 ? "" : " AND ") + column + " IS NOT NULL";
            // Rows that are not hit need no partner.
            is_own += (i == 0 ? "" : " AND ") + own + "." + name + " = CASE WHEN " +
                      call_.selected() + " THEN " + row_ + "." + column + " END";
            const auto value = call_.quote("__fl_o" + n + "_" + std::to_string(i));
            extra_ += ", " + other + "." + name + " AS " + value;
            values.push_back(value);
        }
        const auto all = "(SELECT " + names + ", row_number() OVER (ORDER BY " + names +
                         ") - 1 AS i, count(*) OVER () AS m FROM (SELECT DISTINCT " + list +
                         " FROM " + from_ + " WHERE " + present + ") AS \"__fl_distinct\")";
        const auto integer = call_.type_name(Family::integer);
        const auto step =
            call_.cast("floor(" + call_.uniform(draw) + " * (" + own + ".m - 1))", integer);
        // Equalities alone: any other condition would make the engine compare each with each.
        joins_ += " LEFT JOIN " + all + " AS " + own + " ON " + is_own + " LEFT JOIN " + all +
                  " AS " + other + " ON " + other + ".i = CASE WHEN " + own + ".m > 1 THEN (" +
                  own + ".i + 1 + " + step + ") % " + own + ".m END";
        return values;
    }
    [[nodiscard]] std::string select() const {
        return "SELECT " + row_ + ".*" + extra_ + " FROM " + from_ + " AS " + row_ + joins_;
    }

  private:
    const Call& call_;
    std::string from_, extra_, joins_;
    std::string row_ = "\"__fl_row\"";
    int count_ = 0;
};

}  // namespace faultline::sdk
