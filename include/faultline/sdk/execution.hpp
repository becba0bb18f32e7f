#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "faultline/plugin.h"

namespace faultline::sdk {

/// One execution of a node that is about to begin. Valid for the call.
struct Execution {
    explicit Execution(const faultline_execution& raw)
        : node(raw.node), call(raw.call), rows(raw.rows) {}

    std::string node;
    std::int64_t call;  ///< 1 for the first under this fault, …: the replicate
    std::int64_t rows;  ///< that the node gave in the base; -1 if not known
};

/// Thrown from before_run(): the step fails, and this is what it says.
class StepFailure : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace faultline::sdk
