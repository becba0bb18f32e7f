#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "plugin/registry.h"
#include "run/base_run.h"
#include "suggest/measured.h"
#include "suggest/subject.h"

namespace faultline::suggest {

/// Columns of the sources, by node, on which none of these metrics and checks depends, as far as
/// the planner can tell (run/column_lineage.h): a fault of their values would go unseen. Nothing is
/// run. Empty where the registry has no fault that fits any column.
std::map<graph::NodeIndex, std::set<std::string>> unseen_columns(
    const run::Experiment& experiment, const run::BaseRun& base, const plugin::Registry& registry,
    const std::vector<Subject>& subjects, const std::vector<Item>& metrics,
    const std::vector<Item>& checks);

}  // namespace faultline::suggest
