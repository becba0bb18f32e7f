#include "report/numbers.h"
#include "report/sections.h"
#include "report/silent_story.h"

namespace faultline::report {
namespace {

std::string sentence(const findings::Silent& silent) {
    const std::string text =
        silent.perturbation + " on " + silent.node + " " + what_it_does(silent);
    const bool told = has_number(silent) && silent.trials > 1;  // how many trials there are
    return text + "; no check fires (" + (told ? "" : count(silent.trials, "trial") + ", ") +
           "replay " + std::to_string(silent.worst_trial) + ")";
}

}  // namespace

std::string silent_section(const Page& page) {
    const auto all = silent_worst_first(page.result);
    if (all.empty()) return {};
    std::string text =
        heading(page, "Silent failures", "out of tolerance, and nothing would have told you");
    for (std::size_t i = 0; i < all.size() && i < longest_list; ++i)
        text += item(page, "SILENT:", sentence(*all[i]), Hue::red);
    if (all.size() > longest_list)
        text += item(page, "", "and " + count(all.size() - longest_list) + " more in result.json");
    return text;
}

}  // namespace faultline::report
