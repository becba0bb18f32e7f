#include "report/numbers.h"
#include "report/phrases.h"
#include "report/sections.h"

namespace faultline::report {

std::string guards_section(const Page& page) {
    const auto& guards = page.result.guards;
    std::string text;
    for (std::size_t i = 0; i < guards.proposed.size() && i < longest_list; ++i) {
        const auto& guard = guards.proposed[i];
        text +=
            item(page, "+",
                 guard.text + ": catches " + listed(guard.covers) + " (" + percent(guard.power) +
                     " of what it can see, false alarms " + percent(guard.false_alarms) + ")",
                 Hue::green);
        text += item(page, " ", pasteable(guard.check), Hue::faint);
    }
    if (guards.proposed.size() > longest_list)
        text +=
            item(page, "",
                 "and " + count(guards.proposed.size() - longest_list) + " more in report.html");
    if (!guards.proposed.empty() && guards.silent_trials > 0)
        text += item(page, "",
                     "together " + count(guards.covered_trials) + " of " +
                         count(guards.silent_trials, "silent trial") +
                         (guards.score_before && guards.score_after
                              ? "; checks would notice " + percent(*guards.score_after) +
                                    " of the harmful faults, not " + percent(*guards.score_before)
                              : ""));
    if (!guards.out_of_reach.empty())
        text += item(page, "out of reach of any simple guard:", listed(guards.out_of_reach, 12),
                     Hue::yellow);
    if (!guards.note.empty()) text += item(page, "", guards.note);
    return text.empty()
               ? text
               : heading(page, "Guards to add", "to paste into \"checks\", the best first") + text;
}

}  // namespace faultline::report
