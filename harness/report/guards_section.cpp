#include "report/numbers.h"
#include "report/phrases.h"
#include "report/sections.h"

namespace faultline::report {
namespace {

/// "100 % of what it can see, 8 of 8 trials [0.63, 1], false alarms 0 %, 0 of 14".
std::string record_of(const findings::Guard& guard) {
    std::string text = percent(guard.power) + " of what it can see";
    if (guard.seen > 0)
        text += ", " + count(guard.caught) + " of " + count(guard.seen, "trial") +
                (guard.seen > 1 ? " " + interval(guard.power_low, guard.power_high) : "");
    text += "; false alarms " + percent(guard.false_alarms);
    if (guard.harmless > 0)
        text += ", " + count(guard.tripped) + " of " + count(guard.harmless, "harmless run");
    return text;
}

}  // namespace

std::string guards_section(const Page& page) {
    const auto& guards = page.result.guards;
    std::string text;
    for (std::size_t i = 0; i < guards.proposed.size() && i < longest_list; ++i) {
        const auto& guard = guards.proposed[i];
        text +=
            item(page, "+",
                 guard.text + ": catches " + listed(guard.covers) + " (" + record_of(guard) + ")",
                 Hue::green);
        if (!guard.caution.empty()) text += item(page, " ", guard.caution, Hue::yellow);
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
    if (guards.at_output)
        text +=
            item(page, "the best on an output:",
                 guards.at_output->text + " (" + record_of(*guards.at_output) + ")", Hue::faint);
    if (!guards.proposed.empty() && !page.style.folder.empty())
        text += item(page, "",
                     "all of them are the checks of " + page.style.folder +
                         "/guards.json; what they do on draws that they have not seen: faultline "
                         "guard " +
                         page.style.folder + " --rerun");
    if (!guards.note.empty() && guards.silent_trials > 0) text += item(page, "", guards.note);
    return text.empty()
               ? text
               : heading(page, "Guards to add", "to paste into \"checks\", the best first") + text;
}

}  // namespace faultline::report
