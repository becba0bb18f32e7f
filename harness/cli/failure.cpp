#include "cli/failure.h"

#include <filesystem>
#include <new>

#include "cli/command.h"
#include "cli/output.h"

namespace faultline::cli {
namespace {

int code_of(ErrorKind kind) {
    switch (kind) {
        // Documents, data and plugins are all somebody's input to the harness.
        case ErrorKind::user:
        case ErrorKind::plugin:
        case ErrorKind::data:
            return exit_bad_input;
        case ErrorKind::internal:
            return exit_failed;
        case ErrorKind::cancelled:
            return exit_interrupted;
    }
    return exit_failed;
}

}  // namespace

int report_failure() noexcept {
    try {
        throw;
    } catch (const Error& error) {
        if (error.problems().empty())
            complain(error.node().empty() ? std::string(error.what())
                                          : "node " + error.node() + ": " + error.what());
        for (const auto& problem : error.problems()) {
            // One problem, one line, even where the engine's message has several.
            std::string message = problem.message();
            for (char& c : message)
                if (c == '\n') c = ' ';
            complain(message);
        }
        return code_of(error.kind());
    } catch (const std::bad_alloc&) {
        complain("out of memory");
    } catch (const std::exception& error) {
        complain(error.what());
    } catch (...) {
        complain("failed for a reason that cannot be told");
    }
    return exit_failed;
}

nlohmann::ordered_json problems_as_json(const Error& error) {
    auto all = nlohmann::ordered_json::array();
    const auto or_null = [](const std::string& text) {
        return text.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(text);
    };
    for (const auto& problem : error.problems())
        all.push_back({{"file", problem.file},
                       {"pointer", problem.pointer},
                       {"found", or_null(problem.found)},
                       {"expected", or_null(problem.expected)},
                       {"nearest", or_null(problem.nearest)},
                       {"message", problem.message()}});
    if (all.empty())
        all.push_back({{"file", ""},
                       {"pointer", ""},
                       {"found", nullptr},
                       {"expected", nullptr},
                       {"nearest", nullptr},
                       {"message", error.what()}});
    return all;
}

}  // namespace faultline::cli
