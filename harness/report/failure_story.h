#pragma once

#include <string>

#include "findings/result.h"

namespace faultline::report {

/// Where in the run it happened, in words.
std::string at_stage(const findings::FailureResult& failure);
/// Engines write messages over several lines, some with long lists of candidates; here they are one
/// paragraph of the first sentences, and "…" stands for the rest, which is in result.json. A first
/// sentence that is too long ends at a word.
std::string in_short(const std::string& message);

}  // namespace faultline::report
