#pragma once

#include <set>
#include <string>
#include <vector>

#include "run/base_run.h"
#include "suggest/proposals.h"
#include "suggest/subject.h"

namespace faultline::suggest {

/// A metric or a check, written out, and why.
struct Item {
    Json body;
    std::string why;
};

/// For each output: how many rows, and its numbers, in all or by a segment.
std::vector<Item> metrics_of(const run::Experiment& experiment, const run::BaseRun& base,
                             engine::Connection& connection);

/// A few guardrails that hold today: keys, references, row counts of the sources.
std::vector<Item> checks_of(const std::vector<Subject>& subjects);

}  // namespace faultline::suggest
