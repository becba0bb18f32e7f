#pragma once

#include <string>

#include "engine/dialect.h"
#include "model/scenario.h"

namespace faultline::run {

/// The SELECT of the failing rows of a check: the text of an SQL check with {node} filled in, or
/// the SQL of a built-in expectation. Nodes are named as the pipeline names them; `node` is the
/// canonical name of the check's node and `to` of the one that `relationships` points at.
///
/// The contract of columns is not asked in SQL but of the schema: see broken_contract().
std::string failing_rows_sql(const model::Check& check, const std::string& node,
                             const std::string& to, const engine::Dialect& dialect);

/// What is wrong with `actual` against a contract of columns, in a sentence, or empty. Names
/// compare without case; a type is compared only where the contract states one, in the engine's
/// spelling as given by `canonical_type`. Further columns are allowed: additions break no reader.
std::string broken_contract(const std::vector<model::ColumnSpec>& contract,
                            const engine::Schema& actual,
                            const std::vector<std::string>& contract_types);

}  // namespace faultline::run
