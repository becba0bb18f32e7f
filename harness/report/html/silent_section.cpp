#include "report/silent_story.h"

#include "report/html/sections.h"
#include "report/numbers.h"
#include "report/phrases.h"
#include "report/priorities.h"

namespace faultline::report::html {

Markup silent_section(const findings::Result& result) {
    Rows table("silent-rows", "What went out of tolerance without a check firing",
               {"Fault", "Node", "What it does", "#Damage", "#Trials", "A guard against it",
                "See the worst trial"});
    for (const auto* silent : silent_worst_first(result)) {
        const auto* guard = guard_against(result, silent->perturbation);
        const bool unbounded = has_number(*silent) && !silent->damage;
        table.add({code(silent->perturbation), code(silent->node), Markup(what_it_does(*silent)),
                   tag("span",
                       {{"class", "level l" + std::to_string(level_of(silent->damage, unbounded))}},
                       damage_cell(silent->damage, unbounded)),
                   Markup(count(silent->trials)),
                   guard == nullptr ? Markup("none found") : Markup(guard->text),
                   replay(silent->worst_trial)});
    }
    if (table.empty()) return {};
    return section(
        "silent", "Silent failures",
        "Numbers left their tolerance and no check fired: nobody would have known. Each "
        "command makes the worst trial again, with its rows beside the unperturbed ones; "
        "DIR is the folder of this report.",
        table.markup());
}

}  // namespace faultline::report::html
