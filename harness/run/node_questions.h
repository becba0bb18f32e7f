#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "graph/dag.h"

namespace faultline::run {

/// What is asked of a node whenever it is profiled, settled by what the base holds.
struct NodeQuestions {
    static constexpr std::size_t of_relation = std::string::npos;

    /// One number, by an aggregate; all of them are one statement.
    struct Aggregate {
        std::size_t column;  ///< or of_relation
        std::string name, sql;
        std::string how = {};  ///< where one name is measured in several ways: which it is
    };
    /// Numbers of a column by a statement of their own: `before`, the relation's SELECT, `after`.
    struct Statement {
        std::size_t column;              ///< of_relation: the key, where it has several columns
        std::vector<std::string> names;  ///< of its one row
        std::string before, after;
        std::string how;     ///< as in Aggregate
        double scale = 1;    ///< what its numbers are to be multiplied by
        bool whole = false;  ///< and rounded
        [[nodiscard]] std::string of(const std::string& select) const {
            return before + select + after;
        }
    };
    /// A column all of whose values the key of another node holds.
    struct Reference {
        std::size_t column;
        graph::NodeIndex to;
        std::string name, field;  ///< "orphans:NODE.COLUMN", COLUMN
    };

    double rows = 0;         ///< of the base
    engine::Schema columns;  ///< those that are looked at
    std::vector<Aggregate> aggregates;
    std::vector<Statement> statements;
    std::vector<Reference> references;
    std::vector<std::string> prints;  ///< of the base's columns, see ColumnFacts
    /// Columns whose print some other column of the base has as well: where they are changed too,
    /// both are likely to be changed alike.
    std::vector<bool> twins;
    std::uint64_t left_out = 0;  ///< columns beyond the most that are looked at
};

/// Adds what is asked of a column: how many values are empty; of what can be told apart, how many
/// there are; of dates and timestamps the first and the last; of numbers the extremes, the moments
/// and quantiles. An identifier's numbers are no quantities: of it, as of text, values are counted.
///
/// Above 8,192 rows different values and quantiles are statements of their own, whose cost grows
/// with the different values: of columns that have few, both are read off their frequencies,
/// exactly, and the moments with them. Of many, quantiles are those of bins, at least 1,024 between
/// the base's 5 % and 95 % quantiles, so that they are off by at most a 2,048th of that; and
/// more than 100,000 different values are told from one in sixteen, chosen by their hash, times
/// what the base has of all for one of these. None of it depends on the order of rows, on threads,
/// or on chance.
///
/// `select` is the base's relation. Throws Error(cancelled).
void ask_about_column(engine::Connection& connection, const engine::Dialect& dialect,
                      const std::string& select, std::size_t column, bool identifier,
                      NodeQuestions& into);

/// Adds how many different values the key has; returns what a check would ask for that.
std::string ask_about_key(const engine::Dialect& dialect, const std::vector<std::string>& key,
                          NodeQuestions& into);

/// What a check that somebody might write would ask for a statistic of a column, by its name.
std::map<std::string, std::string> checks_of_column(const engine::Dialect& dialect,
                                                    const engine::Column& column, bool identifier);

/// Position by name; npos: there is none.
std::size_t find_column(const engine::Schema& columns, const std::string& name);
std::optional<double> number_of(const engine::Value& value);

}  // namespace faultline::run
