#pragma once

#include <cmath>
#include <string>

#include "faultline/sdk/call.hpp"
#include "faultline/sdk/relation.hpp"

namespace faultline::sdk {

/// The different values of columns that hold few of them, as SQL beside every row, which stay in
/// their order (OtherValues joins, for as many as there are, and does not keep it). Say
/// `projection.over(categories.select())`, then write expressions with the rest. Values are those
/// of the relation as this fault receives it, in ascending order, without NULL.
class Categories {
  public:
    Categories(const Relation& relation, const Call& call) : relation_(relation), call_(call) {}

    /// Makes the column's values known to select(); before anything else is asked about it. Throws
    /// ParamError where they are too many to be categories: every row looks its own up in their
    /// list.
    void read(const Column& column) {
        const auto cell = call_.quote(column);
        const auto different = call_.measure("count(DISTINCT " + cell + ")").value_or(0);
        if (different > most)
            throw ParamError(
                "column " + column.name + " has " + std::to_string(std::llround(different)) +
                " different values: more than " + std::to_string(most) + " are no categories");
        lists_ += ", (SELECT list(DISTINCT " + cell + " ORDER BY " + cell + ") FROM " +
                  relation_.from() + " WHERE " + cell + " IS NOT NULL) AS " + values(column);
    }
    [[nodiscard]] std::string select() const {
        return "SELECT *" + lists_ + " FROM " + relation_.from();
    }

    /// One of the other values, each as likely, by the draw `uniform` in (0, 1). The cell itself
    /// where it is NULL or has no other.
    [[nodiscard]] std::string another(const Column& column, const std::string& uniform) const {
        // A place among the others, and those from the own value on moved up by one.
        const auto place = "CAST(floor(" + uniform + " * (len(" + values(column) + ") - 1)) AS " +
                           call_.type_name(Family::integer) + ")";
        return at(column, "CASE WHEN " + place + " + 1 < " + own(column) + " THEN " + place +
                              " + 1 ELSE " + place + " + 2 END");
    }
    /// The next value, and after the last the first.
    [[nodiscard]] std::string next(const Column& column) const {
        return at(column, own(column) + " % len(" + values(column) + ") + 1");
    }

  private:
    static constexpr int most = 10'000;

    [[nodiscard]] std::string values(const Column& column) const {
        return call_.quote("__fl_values_" + column.name);
    }
    [[nodiscard]] std::string own(const Column& column) const {
        return "list_position(" + values(column) + ", " + call_.quote(column) + ")";
    }
    [[nodiscard]] std::string at(const Column& column, const std::string& place) const {
        return "coalesce(list_extract(" + values(column) + ", " + place + "), " +
               call_.quote(column) + ")";
    }

    const Relation& relation_;
    const Call& call_;
    std::string lists_;
};

}  // namespace faultline::sdk
