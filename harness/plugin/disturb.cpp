#include "plugin/disturb.h"

#include <fmt/format.h>

#include "plugin/answer_key.h"
#include "plugin/host.h"
#include "plugin/instance.h"

namespace faultline::plugin {
namespace {

Error misbehaves(const Fault& fault, const Execution& execution, const std::string& how) {
    return Error(
        ErrorKind::plugin,
        fmt::format("plugin {} on {}: {}", fault.plugin().about().name, execution.node, how),
        execution.node);
}

bool is_over(const Execution& execution) {
    return (execution.stop != nullptr && execution.stop->requested()) ||
           (execution.deadline && std::chrono::steady_clock::now() >= *execution.deadline);
}

/// What the plugin's code means. Throws for everything but "go on" and "the step fails".
void settle(const Answer& answer, const Fault& fault, const Execution& execution,
            Disturbance& out) {
    const auto& name = fault.plugin().about().name;
    switch (answer.code) {
        case FAULTLINE_OK:
            // It may have slept through the end of its time without looking.
            if (!is_over(execution)) return;
            throw Error(ErrorKind::cancelled, fmt::format("plugin {} took too long", name),
                        execution.node);
        case FAULTLINE_E_STEP:
            out.failure = answer.message;
            return;
        case FAULTLINE_E_CANCELLED:
            // Taken for a time-out it would hide that nothing ran out.
            if (!is_over(execution))
                throw misbehaves(fault, execution, "says that it was stopped, and nobody did");
            [[fallthrough]];
        case FAULTLINE_E_PARAMS:
            require_ok(answer, fault, execution.node);
            return;
        default:
            throw misbehaves(fault, execution,
                             fmt::format("failed with code {}: {}", answer.code, answer.message));
    }
}

}  // namespace

void disturb(const Fault& fault, double severity, std::uint64_t stream, const Execution& execution,
             Disturbance& out) {
    const auto& plugin = fault.plugin();
    const Instance instance(plugin, fault.params());
    const KeyedSite nothing;  // there is no relation yet
    Measures measures;
    Host host({execution.connection, execution.dialect, nothing, measures, stream, "", "",
               execution.stop, &out.notes,
               fmt::format("{} on {}: ", plugin.about().name, execution.node), execution.deadline});
    const faultline_execution raw{sizeof(faultline_execution), execution.node.c_str(),
                                  execution.call, execution.rows};
    const faultline_call call{sizeof(faultline_call), severity, host.table()};
    Answer answer;
    try {
        answer = contained(plugin.about().name, "before_run", [&](faultline_error* error) {
            return plugin.table().before_run(instance.raw(), &raw, &call, error);
        });
        host.rethrow();
        out.key = answer_key_from(host.counts());
    } catch (const Error& e) {
        if (!e.node().empty() || !e.problems().empty() || e.kind() == ErrorKind::cancelled) throw;
        throw misbehaves(fault, execution, e.what());
    }
    out.key.expected_any = !host.counts().contains("identity");
    if (out.key.calls > 1 || out.key.rows_added + out.key.rows_removed + out.key.rows_changed > 0 ||
        !out.key.cells.empty())
        throw misbehaves(fault, execution,
                         "counted more than this one call (\"calls\" or \"identity\", 1)");
    settle(answer, fault, execution, out);
}

}  // namespace faultline::plugin
