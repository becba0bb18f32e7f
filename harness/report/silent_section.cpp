#include <cmath>

#include "report/display_text.h"
#include "report/numbers.h"
#include "report/sections.h"

namespace faultline::report {
namespace {

/// " by +4.1 %", or from what to what where a share says nothing.
std::string movement(const findings::Silent& silent) {
    if (!silent.value) return silent.base ? " away: it has no value any more" : "";
    if (!silent.base) return " to " + number(*silent.value) + " from no value";
    if (*silent.base != 0) {
        const double share = (*silent.value - *silent.base) / std::abs(*silent.base);
        return " by " + change(share) + " (" + number(*silent.base) + " → " +
               number(*silent.value) + ")";
    }
    return " from 0 to " + number(*silent.value);
}

std::string sentence(const findings::Silent& silent) {
    std::string text = silent.perturbation + " on " + silent.node + " moves " +
                       metric_name(silent.metric, silent.segment) + movement(silent);
    if (silent.damage)
        text +=
            ", " + number(*silent.damage) + (*silent.damage == 1 ? " tolerance" : " tolerances");
    text += ", and no check fires; " + count(silent.trials, "trial");
    return text + ", replay " + std::to_string(silent.worst_trial);
}

}  // namespace

std::string silent_section(const Page& page) {
    const auto& all = page.result.silent;
    if (all.empty()) return {};
    std::string text =
        heading(page, "Silent failures", "out of tolerance, and nothing would have told you");
    for (std::size_t i = 0; i < all.size() && i < longest_list; ++i)
        text += item(page, "SILENT:", sentence(all[i]), Hue::red);
    if (all.size() > longest_list)
        text += item(page, "", "and " + count(all.size() - longest_list) + " more in result.json");
    return text;
}

}  // namespace faultline::report
