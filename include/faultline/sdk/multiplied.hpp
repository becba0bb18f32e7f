#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "faultline/sdk/call.hpp"
#include "faultline/sdk/projection.hpp"
#include "faultline/sdk/relation.hpp"
#include "faultline/sdk/unseen.hpp"

namespace faultline::sdk {

/// Builds a rewrite after which each row is there a number of times: not at all, once, or more
/// often; and its answer key. The copies come after all other rows and may differ from their
/// original. Borrows its arguments.
class Multiplied {
  public:
    /// How often a row is there where it should be `factor` times on average: floor or ceil, by
    /// the uniform number `draw`. More where the factor is larger, never less; exact where it is
    /// whole. `factor` is SQL of a DOUBLE ≥ 0.
    static std::string about(const std::string& factor, const Call& call, std::uint32_t draw) {
        return call.cast("floor(" + factor + " + 1 - " + call.uniform(draw) + ")",
                         call.type_name(Family::integer));
    }

    /// The same of 1 + `more` at this severity. Where rows do not differ, a whole factor draws
    /// nothing.
    static std::string about_factor(double more, const Call& call, std::uint32_t draw) {
        const double most = 1 + call.severity() * more;
        if (!call.doses_rows() && most >= 0 && most <= 1e6 && std::floor(most) == most)
            return std::to_string(static_cast<int>(most));
        return about(factor(more, call), call, draw);
    }
    /// Is about_factor(more) two, of a factor from 1 to 2? Asked without a comparison of numbers
    /// where rows do not differ.
    static std::string about_two(double more, const Call& call, std::uint32_t draw) {
        const double most = 1 + call.severity() * more;
        if (call.doses_rows()) return about(factor(more, call), call, draw) + " > 1";
        if (most == 2) return "TRUE";
        // floor(most + 1 - u) > 1, where u is at most what is left over of 2.
        return call.below(draw, std::nextafter(most + 1 - 2, 2));
    }

    /// The factor 1 + `more` at this severity and the row's dose, as SQL: 1 where there is none.
    static std::string factor(double more, const Call& call) {
        return call.doses_rows() ? "(" + call.number(1) + " + " + call.dosed(more) + ")"
                                 : call.number(1 + call.severity() * more);
    }

    /// `times`: SQL of a whole number over relation.from(), never NULL; at most `most` anywhere,
    /// and at least `least`: from 1 on no row need be looked at before it is handed on.
    Multiplied(const Relation& relation, const Call& call, std::string times, int most,
               int least = 0)
        : relation_(relation),
          call_(call),
          times_("(" + std::move(times) + ")"),
          most_(most),
          least_(least) {}

    /// Which rows are there twice: the same as `times` > 1, said in less. For `most` 2, `least` 1.
    Multiplied& twice_where(std::string condition) { return most_where(std::move(condition)); }
    /// Which rows are there `most` times: all others are there once. The same as `times` > 1, said
    /// in less. For `least` 1.
    Multiplied& most_where(std::string condition) {
        more_ = std::move(condition);
        return *this;
    }
    /// In the copies, the column has this value: SQL of its type over the original, in which
    /// copy() is the number of the copy, from 1.
    Multiplied& replace(const Column& column, const std::string& expression) {
        changed_[column.name] = expression;
        return *this;
    }
    static std::string copy() { return "\"__fl_copy\""; }

    /// The copies are new rows, not the same again: the last part of the declared key that is a
    /// whole number or text has a value not seen before. Throws ParamError where no part is, and
    /// does nothing where no key is declared.
    Multiplied& with_new_keys() {
        const Column* part = nullptr;
        bool declared = false;
        for (const auto& column : relation_.columns()) {
            declared = declared || column.key;
            if (column.key && !column.batch && Unseen::possible(column)) part = &column;
        }
        if (part != nullptr)
            return replace(*part, Unseen(*part, call_, "new-").value(copy(), most_ - 1));
        if (declared)
            throw ParamError(
                "new rows need a key, and no part of the declared one is a whole number or text: "
                "set \"keys\" to \"same\"");
        return *this;
    }

    [[nodiscard]] Rewrite build() const {
        std::string originals, copies;
        for (const auto& column : relation_.columns()) {
            const auto name = call_.quote(column);
            const auto changed = changed_.find(column.name);
            append(originals, name);
            append(copies, changed == changed_.end() ? name : changed->second + " AS " + name);
        }
        for (const auto& name : relation_.hidden()) {
            append(originals, call_.quote(name));
            append(copies, call_.quote(name));
        }
        Rewrite out;
        out.select = "SELECT " + originals + " FROM " + relation_.from() +
                     (least_ >= 1 ? "" : " WHERE " + times_ + " >= 1");
        const auto numbered = [&](const std::string& n, const std::string& where) {
            return " UNION ALL SELECT " + copies + " FROM (SELECT *, " + n + " AS " + copy() +
                   " FROM " + relation_.from() + " WHERE " + where + ")";
        };
        if (most_ <= few) {
            // The rows are looked at again for each copy: less work than to ask each row how often.
            for (int n = 1; n < most_; ++n) {
                const auto number = std::to_string(n);
                out.select += numbered(number, more_.empty() ? times_ + " > " + number : more_);
            }
        } else {
            std::string numbers;
            for (int n = 1; n < most_; ++n) append(numbers, "(" + std::to_string(n) + ")");
            out.select += " UNION ALL SELECT " + copies + " FROM " + relation_.from() +
                          " JOIN (VALUES " + numbers + ") AS \"__fl_copies\"(" + copy() + ") ON " +
                          copy() + " < " + times_;
        }
        if (!more_.empty()) {
            out.answer_key = "SELECT count(*) * " + std::to_string(most_ - 1) +
                             " AS rows_added, 0 AS rows_removed, 0 AS rows_changed FROM " +
                             relation_.from() + " WHERE " + more_;
            return out;
        }
        const auto sum = [](const std::string& condition, const std::string& units) {
            return "coalesce(sum(CASE WHEN " + condition + " THEN " + units + " ELSE 0 END), 0)";
        };
        out.answer_key = "SELECT " + sum(times_ + " > 1", times_ + " - 1") + " AS rows_added, " +
                         sum(times_ + " < 1", "1") + " AS rows_removed, 0 AS rows_changed FROM " +
                         relation_.from();
        return out;
    }

  private:
    static constexpr int few = 5;

    static void append(std::string& list, const std::string& item) {
        list += (list.empty() ? "" : ", ") + item;
    }

    const Relation& relation_;
    const Call& call_;
    std::string times_, more_;
    int most_, least_;
    std::map<std::string, std::string> changed_;
};

}  // namespace faultline::sdk
