#include "report/numbers.h"
#include "report/phrases.h"
#include "report/sections.h"

namespace faultline::report {

std::string scores_section(const Page& page) {
    const auto& scores = page.result.check_scores;
    const auto& all = scores.pipeline;
    std::string text;
    if (all.score) {
        std::string said = percent(*all.score) + " of the harmful faults";
        if (all.low && all.high)
            said += " (" + percent(*all.low) + " to " + percent(*all.high) + ")";
        said += ": " + number(all.killed_at_source) + " at the source, " +
                number(all.killed_later) + " later, " + number(all.silent) + " never";
        if (all.benign > 0)
            said += "; false alarms on " + number(all.false_alarms) + " of " + number(all.benign) +
                    " benign faults";
        text += item(page, "noticed:", said, *all.score < 1 ? Hue::yellow : Hue::green);
    }
    std::size_t told = 0;
    for (const auto& check : scores.checks) {
        if (check.remark.empty()) continue;
        if (++told <= longest_list)
            text += item(page, check.id + ":", check.remark,
                         check.never_killed || check.fired_in_base ? Hue::yellow : Hue::plain);
    }
    if (told > longest_list)
        text += item(page, "", "and " + count(told - longest_list) + " more in report.html");
    return text.empty()
               ? text
               : heading(page, "The checks' own score",
                         "every fault is a mutant of the data; a check that fires kills it") +
                     text;
}

}  // namespace faultline::report
