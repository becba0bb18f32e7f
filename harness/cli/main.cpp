#include <fmt/format.h>

#include <algorithm>

#include "cli/command.h"
#include "cli/failure.h"
#include "cli/output.h"
#include "core/error.h"
#include "core/version.h"
#include "faultline/plugin.h"

namespace faultline::cli {
namespace {

std::string overview() {
    std::size_t widest = 0;
    for (const auto& command : commands()) widest = std::max(widest, command.name.size());
    std::string text =
        "faultline finds the fault lines in a data pipeline: it runs the pipeline many times "
        "while\n"
        "plugins perturb what its nodes hand on, and says whose trouble moves which output, by "
        "how\n"
        "much, and whether anything would have noticed.\n\nusage: faultline COMMAND …\n\n";
    for (const auto& command : commands())
        text += fmt::format("  {:<{}}  {}\n", command.name, widest, command.summary);
    return text +
           "\n`faultline COMMAND --help` says more. Data goes to standard output, messages to "
           "standard error.\n"
           "Exit codes: 0 held, 1 deviated, 2 unknown, 3 bad input or usage, 4 faultline failed,\n"
           "130 interrupted.\n";
}

const Command& command_named(const std::string& name) {
    std::vector<std::string> names;
    for (const auto& command : commands()) {
        if (command.name == name) return command;
        names.push_back(command.name);
    }
    const std::string nearest = nearest_name(name, names);
    throw Error(ErrorKind::user,
                fmt::format("there is no command \"{}\"{}\n`faultline --help` lists them", name,
                            nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest)));
}

int run(std::vector<std::string> words) {
    if (words.empty())
        throw Error(ErrorKind::user, "a command is missing\n`faultline --help` lists them");
    const std::string first = words.front();
    words.erase(words.begin());
    if (first == "--version") {
        print(fmt::format("faultline {} (plugin interface {})\n", version, FAULTLINE_ABI_VERSION));
        return exit_held;
    }
    if (first == "help" || first == "--help" || first == "-h") {
        if (words.empty() || first != "help") {
            print(overview());
            return exit_held;
        }
        return command_named(words.front()).run({"--help"});
    }
    return command_named(first).run(words);
}

}  // namespace
}  // namespace faultline::cli

int main(int argc, char** argv) {
    faultline::cli::guard_standard_streams();
    try {
        return faultline::cli::run({argv + 1, argv + argc});
    } catch (...) {
        return faultline::cli::report_failure();
    }
}
