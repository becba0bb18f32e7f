#pragma once

#include <fmt/format.h>

#include <exception>
#include <string>

#include "core/error.h"
#include "faultline/plugin.h"

namespace faultline::plugin {

/// What a plugin's function answered, its message terminated whatever the plugin wrote.
struct Answer {
    int code = FAULTLINE_OK;
    std::string message;
};

/// Calls into a plugin. Nothing it does short of corrupting memory gets past this: an exception,
/// which the ABI forbids, becomes Error(plugin). `call` is given the faultline_error to pass on.
template <class F>
Answer contained(const std::string& plugin, const char* function, F call) {
    faultline_error error{};
    error.size = sizeof error;
    Answer answer;
    const auto threw = [&](const std::string& what) {
        return Error(
            ErrorKind::plugin,
            fmt::format("plugin {}: {} threw through the C boundary: {}", plugin, function, what));
    };
    try {
        answer.code = call(&error);
    } catch (const std::exception& e) {
        throw threw(e.what());
    } catch (...) {
        throw threw("something that is no std::exception");
    }
    error.message[sizeof error.message - 1] = '\0';
    answer.message = error.message[0] != '\0' ? error.message : "no reason given";
    return answer;
}

}  // namespace faultline::plugin
