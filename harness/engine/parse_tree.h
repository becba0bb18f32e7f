#pragma once

#include <nlohmann/json.hpp>

#include "engine/engine.h"

namespace faultline::engine {

/// Fills in tables, table_functions and functions from a parse tree as json_serialize_sql gives it.
///
/// Scopes are the engine's: a CTE is visible to later CTEs of its list and to the body, with
/// everything inside; inside its own text its name means what it meant outside, unless it is
/// recursive, and then only in the recursive branch. Names compare without case. A table with a
/// schema is reported as "schema.table" and is never a CTE.
void read_parse_tree(const nlohmann::json& tree, Statement& statement);

}  // namespace faultline::engine
