#pragma once

#include <set>
#include <string>

#include "run/workflow.h"

namespace faultline::suggest {

/// The identifiers of an SQL text, case folded: words that are neither in a string nor in a
/// comment, and names in double quotes. Keywords and functions are among them; whoever looks up the
/// name of a column does not mind.
std::set<std::string> identifiers_in(const std::string& sql);

/// The identifiers of every step that gets to see the node's rows. A column that none of them
/// mentions matters only where a step takes all columns.
std::set<std::string> mentioned_after(const run::Workflow& workflow, graph::NodeIndex node);

}  // namespace faultline::suggest
