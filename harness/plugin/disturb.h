#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plugin/perturb.h"

namespace faultline::plugin {

/// One execution of a node that is about to begin. Everything is borrowed for the call.
struct Execution {
    engine::Connection& connection;
    const engine::Dialect& dialect;
    std::string node;
    std::int64_t call = 1;   ///< 1 for the first execution under this fault, …: the replicate
    std::int64_t rows = -1;  ///< that the node gave in the base; -1: not known
    const StopFlag* stop = nullptr;
    /// When the node's time is up; waiting ends there.
    std::optional<std::chrono::steady_clock::time_point> deadline = {};
};

/// What a fault made of an execution before the step began.
struct Disturbance {
    /// `calls` is the number of executions it disturbed, 0 or 1; known even where it did not return
    /// to say how it ended. A plugin that counts neither "calls" nor "identity" should have.
    AnswerKey key;
    std::vector<std::string> notes;  ///< what the plugin logged as information or warning
    /// The step fails, with this message; nothing: it goes on.
    std::optional<std::string> failure;
};

/// Calls before_run of a plugin that has one. May take as long as the plugin waits: until
/// `deadline`, or `stop`, or without end where neither comes. What it counted is in `out` even
/// after a throw. Throws Error(cancelled) where waiting was cut short, Error(user) for parameters
/// that the plugin refuses, Error(plugin) for one that misbehaves, with the node's name.
void disturb(const Fault& fault, double severity, std::uint64_t stream, const Execution& execution,
             Disturbance& out);

}  // namespace faultline::plugin
