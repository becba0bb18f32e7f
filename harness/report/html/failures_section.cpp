#include "report/failure_story.h"

#include "report/html/sections.h"
#include "report/numbers.h"
#include "report/outcomes.h"

namespace faultline::report::html {
namespace {

Markup idle_faults(const findings::Result& result) {
    Markup items;
    for (const auto& perturbation : result.perturbations)
        if (const auto idle = number_of(perturbation.outcomes, "not_applied"); idle > 0)
            items += tag("li", code(perturbation.id) +
                                   Markup(": " + perturbation.plugin + " on " + perturbation.node +
                                          " found nothing to change in " + count(idle, "trial")));
    if (items.empty()) return {};
    return tag("h3", "Not applied: an error of the scenario, these trials say nothing") +
           tag("ul", items);
}

}  // namespace

Markup failures_section(const findings::Result& result) {
    Rows table("failure-rows", "Steps that failed",
               {"Where", "Message", "#Trials", "See the first"});
    for (const auto& failure : result.failures)
        table.add({name(at_stage(failure)), Markup(in_short(failure.message)),
                   Markup(count(failure.count)), replay(failure.trial)});
    return section("failures", "What failed loudly",
                   "A crash is often the better outcome: wrong numbers are acted on, missing ones "
                   "are not.",
                   (table.empty() ? Markup() : table.markup()) + idle_faults(result));
}

}  // namespace faultline::report::html
