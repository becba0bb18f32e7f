#pragma once

#include <cstdint>
#include <string>

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
    /// BIGINT over the keyed site's rows: the batch a row belongs to, for faults whose unit that
    /// is.
    [[nodiscard]] std::string batch_key() const;
    /// Should at least one unit have been hit? No where chance chose none, severity asks for less
    /// than half a unit, or there are no rows; yes where `where` matches nothing, since that is a
    /// mistake.
    [[nodiscard]] bool expects_any();

  private:
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
    };

    [[nodiscard]] std::string eligible();
    [[nodiscard]] Units units();
    [[nodiscard]] Units batch_units();
    [[nodiscard]] std::int64_t count(const Units& units);
    [[nodiscard]] std::int64_t count_rows(const std::string& condition);
    /// True for units up to and including position `at` in their order.
    [[nodiscard]] std::string up_to(const Units& units, std::int64_t at);
    [[nodiscard]] std::string literal(const engine::Value& value,
                                      const engine::Column& column) const;
    [[nodiscard]] std::string draw_of(const std::string& key) const;
    [[nodiscard]] const engine::Column& column(const std::string& name) const;

    SelectionContext context_;
    const Fault& fault_;
    double severity_;
    std::uint64_t stream_;
    std::size_t target_;
};

}  // namespace faultline::plugin
