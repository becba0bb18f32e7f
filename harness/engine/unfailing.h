#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "engine/engine.h"

namespace faultline::engine {

/// Of the columns of a SELECT's result, those computed by expressions that DuckDB 1.4 evaluates
/// without an error for every value of their columns' types: arithmetic with a DOUBLE in it (which
/// overflows to infinity), division, comparisons within a type, sums and means of numbers that no
/// number of rows overflows, texts put together. What is not known to be one of them is not.
///
/// `top` is a SELECT_NODE as json_serialize_sql gives it, over `relations` by name. Throws
/// nlohmann::json::exception for a tree of another form.
std::set<std::string> unfailing_columns(const nlohmann::json& top,
                                        const std::map<std::string, Schema>& relations,
                                        const Schema& result);

}  // namespace faultline::engine
