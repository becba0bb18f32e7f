#pragma once

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "faultline/sdk/call.hpp"
#include "faultline/sdk/relation.hpp"

namespace faultline::sdk {

/// What a rewrite answers: see faultline_rewrite.
struct Rewrite {
    std::string select;
    std::string answer_key;
    bool identity = false;
};

/// Builds a rewrite that keeps or changes rows one by one, and its answer key with it, so that the
/// two cannot disagree: passes on every other column and the hidden ones, counts with `differs`,
/// and looks only at the rows where something may have changed. Expressions are over
/// relation.from() and see the values before the fault. Borrows both arguments.
class Projection {
  public:
    Projection(const Relation& relation, const Call& call)
        : relation_(relation), call_(call), from_(relation.from()) {
        for (const auto& column : relation.columns())
            parts_.push_back({column, column.name, {}, {}, false});
    }

    /// The column becomes `expression` where the row is selected.
    Projection& replace(const Column& column, const std::string& expression) {
        return replace(column, expression, call_.selected());
    }
    /// The column becomes `expression` where `when` is true. The expression must have the column's
    /// type.
    Projection& replace(const Column& column, const std::string& expression,
                        const std::string& when) {
        auto& part = of(column.name);
        part.expression =
            "CASE WHEN " + when + " THEN " + expression + " ELSE " + call_.quote(column) + " END";
        part.compare = part.expression;
        part.when = when;
        part.value = expression;
        return *this;
    }
    /// The same for a value of which it is certain that it differs wherever `when` is true; or
    /// where `changes` is true as well, if that is stated.
    Projection& replace_by_other(const Column& column, const std::string& expression,
                                 const std::string& when, const std::string& changes = {}) {
        replace(column, expression, when);
        auto& part = of(column.name);
        part.certain = true;
        if (!changes.empty()) part.when += " AND (" + changes + ")";
        return *this;
    }
    /// Counts over `from` (what goes after FROM), which costs less than what over() says. For those
    /// who replace_by_other() alone: nothing but their conditions and keep()'s is asked there.
    Projection& counted_over(const std::string& from) {
        counted_ = from;
        return *this;
    }
    /// Only rows for which `predicate` is true remain.
    Projection& keep(const std::string& predicate) {
        keep_ = keep_.empty() ? "(" + predicate + ")" : keep_ + " AND (" + predicate + ")";
        return *this;
    }
    /// Reads `select` (every column of relation.from() and more, one row each) instead of it, for
    /// predicates that need window functions.
    Projection& over(const std::string& select) {
        from_ = "(" + select + ") AS " + call_.quote("__fl_over");
        return *this;
    }
    Projection& rename(const Column& column, const std::string& to) {
        of(column.name).output = to;
        return *this;
    }
    Projection& drop(const Column& column) {
        of(column.name).dropped = true;
        return *this;
    }
    /// A new column at the end.
    Projection& add(const std::string& name, const std::string& expression) {
        parts_.push_back({{}, name, expression, {}, false});
        return *this;
    }
    /// Casts a whole column; what cannot be cast becomes NULL. A cell counts as changed where its
    /// value does not survive the way there and back.
    Projection& retype(const Column& column, const std::string& type) {
        return retyped_as(column, call_.try_cast(call_.quote(column), type));
    }
    /// A whole column becomes an expression of another type. Cells are counted as by retype.
    Projection& retyped_as(const Column& column, const std::string& expression) {
        auto& part = of(column.name);
        part.expression = expression;
        part.compare = call_.try_cast(part.expression, column.type);
        return *this;
    }
    /// The named columns (as they are called after rename) first, in this order; the others follow.
    Projection& reorder(const std::vector<std::string>& names) {
        for (auto name = names.rbegin(); name != names.rend(); ++name) {
            const auto part = std::find_if(parts_.begin(), parts_.end(),
                                           [&](const Part& p) { return p.output == *name; });
            if (part == parts_.end()) throw std::logic_error("no column " + *name + " to reorder");
            std::rotate(parts_.begin(), part, part + 1);
        }
        return *this;
    }

    [[nodiscard]] Rewrite build() const {
        std::string list;
        std::vector<const Part*> compared;
        for (const auto& part : parts_) {
            if (part.dropped) continue;
            append(list, (part.expression.empty() ? call_.quote(part.column) : part.expression) +
                             " AS " + call_.quote(part.output));
            if (!part.compare.empty()) compared.push_back(&part);
        }
        for (const auto& name : relation_.hidden()) append(list, call_.quote(name));
        Rewrite out;
        out.select = "SELECT " + list + " FROM " + from_ + (keep_.empty() ? "" : " WHERE " + keep_);
        out.answer_key = compared.size() == 1 && keep_.empty()
                             ? answer_key_of_one(*compared.front())
                             : answer_key_of(compared);
        return out;
    }

  private:
    struct Part {
        Column column;
        std::string output;
        std::string expression;  // empty: the column as it is
        std::string compare;     // what to compare the old value with; empty: unchanged or new
        bool dropped;
        std::string when = {};   // only where this is true; empty: anywhere
        std::string value = {};  // what it becomes there
        bool certain = false;    // and that is never what it was
    };

    /// `asked`: only rows at which the part's condition holds are looked at, so that the comparison
    /// need not ask again.
    [[nodiscard]] std::string differs(const Part& part, bool asked = false) const {
        if (part.certain) return asked ? "TRUE" : "coalesce(" + part.when + ", FALSE)";
        const auto old = call_.quote(part.column);
        if (part.when.empty()) return call_.differs(old, part.compare);
        return call_.differs(part.column, old, asked ? part.value : part.compare);
    }
    /// The rows to look at, as a WHERE clause: those where some part may change.
    [[nodiscard]] static std::string where_any(const std::vector<const Part*>& parts) {
        std::vector<std::string> whens;
        for (const auto* part : parts) {
            if (part->when.empty()) return {};
            if (std::find(whens.begin(), whens.end(), part->when) == whens.end())
                whens.push_back(part->when);
        }
        if (whens.empty()) return {};
        std::string any;
        for (const auto& when : whens) any += (any.empty() ? "((" : " OR (") + when + ")";
        return any + ")";
    }
    /// One count serves rows and cells.
    [[nodiscard]] std::string answer_key_of_one(const Part& part) const {
        const auto where = where_any({&part});
        return "SELECT 0 AS rows_added, 0 AS rows_removed, n AS rows_changed, n AS " +
               call_.quote("cells:" + part.column.name) + " FROM (SELECT " +
               count_of(differs(part, !where.empty())) + " AS n FROM " + counted_from() +
               (where.empty() ? "" : " WHERE " + where) + ") AS " + call_.quote("__fl_counted");
    }
    [[nodiscard]] std::string answer_key_of(const std::vector<const Part*>& compared) const {
        const auto any = where_any(compared);
        // One condition for all, and no row that has to be counted for another reason.
        const bool asked = keep_.empty() && !compared.empty() && !any.empty() &&
                           any == "((" + compared.front()->when + "))";
        std::string changed, any_change, cells, found;
        int nth = 0;
        for (const auto* part : compared) {
            auto one = differs(*part, asked);
            // Of several columns each comparison is made once, for the cells and for the rows.
            if (compared.size() > 1 && one != "TRUE") {
                const auto name = call_.quote("__fl_found" + std::to_string(nth++));
                found += ", " + one + " AS " + name;
                one = name;
            }
            changed += " WHEN " + one + " THEN TRUE";
            any_change = one;
            append(cells,
                   count_of(kept_and(one)) + " AS " + call_.quote("cells:" + part->column.name));
        }
        // An engine asks only what is left of a CASE, and all of every part of an OR.
        if (compared.size() > 1) any_change = "CASE" + changed + " ELSE FALSE END";
        const auto gone = "NOT coalesce(" + keep_ + ", FALSE)";
        std::string where = any;
        if (!keep_.empty())
            where = compared.empty() ? gone : any.empty() ? "" : any + " OR " + gone;
        const bool counts = !keep_.empty() || !compared.empty();
        const auto rows = counted_from() + (where.empty() ? "" : " WHERE " + where);
        return "SELECT 0 AS rows_added, " +
               (keep_.empty()      ? "0"
                : compared.empty() ? "count(*)"
                                   : count_of(gone)) +
               " AS rows_removed, " + (compared.empty() ? "0" : count_of(kept_and(any_change))) +
               " AS rows_changed" + (cells.empty() ? "" : ", " + cells) +
               // constants alone would come once a row
               (!counts         ? ""
                : found.empty() ? " FROM " + rows
                                : " FROM (SELECT *" + found + " FROM " + rows + ") AS " +
                                      call_.quote("__fl_counted"));
    }

    [[nodiscard]] const std::string& counted_from() const {
        return counted_.empty() ? from_ : counted_;
    }
    Part& of(const std::string& name) {
        for (auto& part : parts_)
            if (part.column.name == name) return part;
        throw std::logic_error("the relation has no column " + name);
    }
    static void append(std::string& list, const std::string& item) {
        list += (list.empty() ? "" : ", ") + item;
    }
    static std::string count_of(const std::string& condition) {
        return condition == "TRUE" ? "count(*)" : "count(CASE WHEN " + condition + " THEN 1 END)";
    }
    [[nodiscard]] std::string kept_and(const std::string& condition) const {
        return keep_.empty() ? condition : keep_ + " AND (" + condition + ")";
    }

    const Relation& relation_;
    const Call& call_;
    std::vector<Part> parts_;
    std::string from_, keep_, counted_;
};

}  // namespace faultline::sdk
