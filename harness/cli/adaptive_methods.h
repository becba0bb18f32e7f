#pragma once

#include <string>

namespace faultline::cli {

/// Methods of `faultline run` that choose each run from the results of those before it have no
/// sample that could be written down, or analysed, by itself. Throws Error(user) for one of them,
/// with what to use instead; `command` is who is asked.
void refuse_adaptive(const std::string& command, const std::string& method);

}  // namespace faultline::cli
