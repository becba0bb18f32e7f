#include "cli/command.h"

#include <algorithm>

namespace faultline::cli {
namespace {

/// Made at first use: registrations run before main in an order that nobody decides.
std::vector<Command>& table() {
    static std::vector<Command> commands;
    return commands;
}

}  // namespace

const std::vector<Command>& commands() {
    return table();
}

Registration::Registration(Command command) {
    auto& all = table();
    const auto place =
        std::upper_bound(all.begin(), all.end(), command,
                         [](const Command& a, const Command& b) { return a.name < b.name; });
    all.insert(place, std::move(command));
}

}  // namespace faultline::cli
