#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "faultline/sdk/call.hpp"
#include "faultline/sdk/lookup.hpp"
#include "faultline/sdk/relation.hpp"
#include "faultline/sdk/whole_run.hpp"

namespace faultline::sdk {

/// For faults that give a row what belongs to another: a value drawn from the column's other
/// different values, each as likely as the next, whatever the severity. Columns given together (a
/// key of several parts) keep together. NULL is never given. Borrows its arguments; say
/// `projection.over(lookup.select())`.
class OtherValues {
  public:
    /// Other values of some columns, over what the lookup selects.
    struct Others {
        std::vector<std::string> values;  ///< SQL, in the order of the columns
        /// SQL of a BOOLEAN, of the relation's own columns: there is another to give to this row.
        /// The values are only to be read where it holds and the row is hit.
        std::string there;
    };

    OtherValues(Lookup& lookup, const Relation& relation, const Call& call)
        : lookup_(lookup), relation_(relation), call_(call) {}

    /// `draw` is the index of the uniform that decides. Together the values are others than the
    /// row's; each by itself may be the same where there are several columns.
    [[nodiscard]] Others of(const std::vector<Column>& columns, std::uint32_t draw) {
        std::string list, names, present;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const auto name = "v" + std::to_string(i);
            const auto cell = call_.quote(columns[i]);
            list += (i == 0 ? "" : ", ") + cell + " AS " + name;
            names += (i == 0 ? "" : ", ") + name;
            present += (i == 0 ? "" : " AND ") + cell + " IS NOT NULL";
        }
        if (columns.size() == 1)
            if (const auto run = WholeRun::of(columns[0], relation_, call_))
                return {{run->other(call_.quote(columns[0]), draw)},
                        run->several() ? present : "FALSE"};
        const auto different = "(SELECT DISTINCT " + list + " FROM " + relation_.from() +
                               " WHERE " + present + ") AS \"__fl_distinct\"";
        const auto many = count_of(different);
        Others out;
        if (many < 2) {
            for (const auto& column : columns)
                out.values.push_back(call_.cast("NULL", column.type));
            out.there = "FALSE";
            return out;
        }
        // Each different value with its place in their order, which no hit and no draw decides.
        const auto table = lookup_.read("SELECT row_number() OVER (ORDER BY " + names +
                                            ") - 1 AS place, " + names + " FROM " + different,
                                        many, columns.size());
        // One of all but the last, and the last where that is the row's own: so each of the others
        // is as likely, and nobody has to look for the place of what the row has.
        const auto place = WholeRun::place_of_all_but_one(call_.uniform(draw), many, call_);
        // A value alone is looked up twice, for the rows hit; a column beside all rows costs more.
        const auto when = call_.selected() + " AND " + present;
        const auto drawn = columns.size() == 1 ? lookup_.once_at(table, place, when)
                                               : lookup_.at(table, place, when);
        const auto last = lookup_.at(table, many - 1);
        std::string same;
        for (std::size_t i = 0; i < columns.size(); ++i)
            same += (i == 0 ? "" : " AND ") + drawn[i] + " = " + call_.quote(columns[i]);
        for (std::size_t i = 0; i < columns.size(); ++i)
            out.values.push_back("CASE WHEN " + same + " THEN " + last[i] + " ELSE " + drawn[i] +
                                 " END");
        out.there = present;
        return out;
    }

  private:
    [[nodiscard]] std::int64_t count_of(const std::string& rows) const {
        const auto count = call_.value(
            "SELECT " + call_.cast("count(*)", call_.type_name(Family::text)) + " FROM " + rows);
        return std::strtoll(count.value_or("'0'").c_str() + 1, nullptr, 10);  // behind the quote
    }

    Lookup& lookup_;
    const Relation& relation_;
    const Call& call_;
};

}  // namespace faultline::sdk
