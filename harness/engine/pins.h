#pragma once

#include <string>
#include <vector>

namespace faultline::engine {

/// Functions whose result depends on the clock, on chance or on the session; lower case, perhaps
/// qualified ("system.main.now"). "tablesample" stands for a SAMPLE clause without a seed.
bool is_volatile_function(const std::string& function);

/// Whether the macros of pin_statements() hold `function` still. A qualified name other than main's
/// goes round them. Chance is never pinned: DuckDB's setseed() belongs to one connection and its
/// numbers depend on the order in which rows are reached.
bool is_pinned_function(const std::string& function);

/// SQL that shadows the clock's functions by macros of the database. `utc` is a timestamp in
/// DuckDB's own spelling, in UTC: "2024-03-05 06:07:08".
std::vector<std::string> pin_statements(const std::string& utc);

/// The names that SQL's keyword forms (current_date without parentheses) are written with; the
/// parse tree has them as columns.
bool is_keyword_function(const std::string& name);

/// Table functions that compute from their arguments alone.
bool is_pure_table_function(const std::string& function);

}  // namespace faultline::engine
