#pragma once

#include <cstddef>

#include "findings/result.h"

namespace faultline::report {

/// Results in which every section has something to say, for tests of the reports. No run made them.

/// A shop's pipeline of eleven nodes: silent failures, guards, doses, scores, travel.
findings::Result shop_result();
/// The same with names that want to be markup, commands, or too long.
findings::Result hostile_result();
/// `nodes` nodes in ten layers, each of them under fault, and the given number of trials.
findings::Result large_result(std::size_t nodes, std::size_t trials);

}  // namespace faultline::report
