#pragma once

#include <cmath>
#include <cstddef>
#include <map>
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
        if (look_up(column)) return;
        lists_ += ", (SELECT list(DISTINCT " + cell + " ORDER BY " + cell + ") FROM " +
                  relation_.from() + " WHERE " + cell + " IS NOT NULL) AS " + values(column);
    }
    [[nodiscard]] std::string select() const {
        return "SELECT *" + lists_ + " FROM " + relation_.from();
    }

    /// Has the column, as far as read() could tell, a second value? Then every cell that is not
    /// NULL has another and a next one.
    [[nodiscard]] bool has_others(const Column& column) const {
        const auto known = known_.find(column.name);
        return known != known_.end() && known->second.several;
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
    static constexpr int most_text = 20'000;

    /// The values as a constant of the statement, and the place of a cell's own among them.
    struct Known {
        std::string values, own;
        bool several;
    };

    /// Looked up once, where the engine reads them back as they are: values that are read again by
    /// each statement cost more than everything else. Texts become an ENUM, whose cast is a look
    /// into a hash table where a list is searched from its beginning.
    bool look_up(const Column& column) {
        const bool text = column.type == call_.type_name(Family::text);
        const bool prints = column.family == Family::integer || column.family == Family::boolean ||
                            column.family == Family::date;
        if (!text && !prints) return false;
        const auto cell = call_.quote(column);
        const auto printed = call_.cast(cell, call_.type_name(Family::text));
        const auto quoted =
            text ? "'''' || replace(" + printed + ", '''', '''''') || ''''" : printed;
        const auto from = " FROM (SELECT DISTINCT " + cell + " FROM " + relation_.from() +
                          " WHERE " + cell + " IS NOT NULL)";
        // A NUL would end the statement.
        const auto fits =
            text ? "count(CASE WHEN contains(" + cell + ", chr(0)) THEN 1 END) = 0 AND "
                 : std::string();
        const auto literal = call_.value("SELECT CASE WHEN " + fits + "sum(length(" + printed +
                                         ")) <= " + std::to_string(most_text) + " THEN " +
                                         call_.cast("count(*)", call_.type_name(Family::text)) +
                                         " || ':' || string_agg(" + quoted + ", ', ' ORDER BY " +
                                         cell + ") END" + from);
        if (!literal) return false;
        const auto answer = unquoted(*literal);
        const auto list = answer.substr(answer.find(':') + 1);
        auto& known = known_[column.name];
        known.several = !answer.starts_with("1:");
        if (text) {
            known.values = "[" + list + "]";
            known.own = "(enum_code(" + call_.cast(cell, "ENUM(" + list + ")") + ") + 1)";
        } else {
            known.values = call_.cast(call_.text("[" + list + "]"), column.type + "[]");
            known.own = "list_position(" + known.values + ", " + cell + ")";
        }
        return true;
    }
    /// The text that a literal is of.
    static std::string unquoted(const std::string& literal) {
        std::string out;
        for (std::size_t i = 1; i + 1 < literal.size(); ++i) {
            out += literal[i];
            if (literal[i] == '\'') ++i;  // said twice
        }
        return out;
    }

    [[nodiscard]] std::string values(const Column& column) const {
        const auto known = known_.find(column.name);
        return known == known_.end() ? call_.quote("__fl_values_" + column.name)
                                     : known->second.values;
    }
    [[nodiscard]] std::string own(const Column& column) const {
        const auto known = known_.find(column.name);
        return known == known_.end()
                   ? "list_position(" + values(column) + ", " + call_.quote(column) + ")"
                   : known->second.own;
    }
    [[nodiscard]] std::string at(const Column& column, const std::string& place) const {
        return "coalesce(list_extract(" + values(column) + ", " + place + "), " +
               call_.quote(column) + ")";
    }

    const Relation& relation_;
    const Call& call_;
    std::string lists_;
    std::map<std::string, Known> known_;
};

}  // namespace faultline::sdk
