#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plugin/perturb.h"

namespace faultline::plugin {

/// What selecting needs. Borrowed for the call.
struct SelectionContext {
    engine::Connection& connection;
    const engine::Dialect& dialect;
    const KeyedSite& keyed;
    Measures& measures;
};

/// Which rows of a keyed site a fault hits, as SQL: counts and thresholds are computed on the site
/// once, cached, and inlined as literals. The rules are in docs/perturbations.md.
class SelectionSql {
  public:
    /// `target` is the position of the first target column (not_at_random), or columns.size().
    SelectionSql(const SelectionContext& context, const Fault& fault, double severity,
                 std::uint64_t stream, std::size_t target);

    /// BOOLEAN over the keyed site's rows, never NULL. Throws Error(user) for a `where` that does
    /// not bind.
    [[nodiscard]] std::string predicate();
    /// BOOLEAN, never NULL: the rows to choose from. Throws as predicate() does.
    [[nodiscard]] std::string eligible();
    /// Throws Error(user) for weights that leave no row to hit, where the rows are known.
    void refuse_useless_weights();
    /// Throws Error(data) for a `where` that binds and yet is no condition on a row.
    /// `visible` is the condition over the visible columns, as a SELECT.
    void refuse_other_than_conditions(const std::string& visible);
    /// DOUBLE in [0, 1], never NULL: how much of the severity a row gets, for faults with `along`.
    [[nodiscard]] std::string dose();
    /// BIGINT over the keyed site's rows: the batch a row belongs to, for faults whose unit that
    /// is.
    [[nodiscard]] std::string batch_key() const;
    /// Should at least one unit have been hit? No where chance chose none, severity asks for less
    /// than half a unit, or there are no rows; yes where `where` matches nothing, since that is a
    /// mistake.
    [[nodiscard]] bool expects_any();

  private:
    static constexpr const char* row_key = "\"__fl_key\"";
    /// The selection's own draw of a stream.
    static constexpr std::uint32_t selection_draw = 0;

    struct Order {
        std::string expression;  // over the units; empty: by draw and key alone
        engine::Column column;   // its type, to write a literal
        bool descending = false;
    };
    struct Units {
        std::string from;       // a SELECT of v, d, k: one row a unit
        std::string row_value;  // the same over the site's rows
        std::string row_draw;
        std::string row_key;
        std::string eligible;
        Order order;
        bool by_rank = false;  ///< the order is that of ranks, of which no two are the same
        std::optional<std::vector<std::int64_t>> keys;  ///< all of them, where they are in no order
    };

    /// Those of the eligible rows that `along` lets a fault hit.
    [[nodiscard]] std::string reachable();
    /// Each row for itself, by its draw.
    [[nodiscard]] std::string by_chance(double share);
    /// Severity scales how many are hit, and `along` has a say in that.
    [[nodiscard]] bool thinned() const;
    [[nodiscard]] Order by_dose(const std::string& draw);
    [[nodiscard]] double total_dose(const Units& units);
    [[nodiscard]] Units units();
    [[nodiscard]] Units batch_units();
    /// The keys of the eligible batches, read once for all draws: what a draw hits is then found
    /// among them, and not by scans of all rows. nullopt where they are very many.
    [[nodiscard]] std::optional<std::vector<std::int64_t>> few_batches(const Units& units);
    /// SQL that is true for units up to and including (draw, key).
    [[nodiscard]] std::string up_to_unit(const Units& units, std::int64_t draw,
                                         std::int64_t key) const;
    [[nodiscard]] std::int64_t count(const Units& units);
    [[nodiscard]] std::int64_t count_rows(const std::string& condition);
    /// The stretch of draws in which the unit at position `at` lies, and how many units lie in the
    /// ones before it. Counted once for all positions.
    struct Stretch {
        std::string condition;
        std::int64_t before;
    };
    [[nodiscard]] Stretch stretch_of(const Units& units, std::int64_t at);
    /// True for units up to and including position `at` in their order.
    [[nodiscard]] std::string up_to(const Units& units, std::int64_t at);
    /// The rank of the unit at position `at`.
    [[nodiscard]] std::int64_t rank_at(const Units& units, std::int64_t at);
    [[nodiscard]] std::string literal(const engine::Value& value,
                                      const engine::Column& column) const;
    [[nodiscard]] std::string draw_of(const std::string& key) const;
    [[nodiscard]] const engine::Column& column(const std::string& name) const;

    SelectionContext context_;
    const Fault& fault_;
    double severity_;
    std::uint64_t stream_;
    std::size_t target_;
    std::string dose_;
};

}  // namespace faultline::plugin
