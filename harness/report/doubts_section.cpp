#include "report/numbers.h"
#include "report/sections.h"

namespace faultline::report {

std::string doubts_section(const Page& page) {
    const findings::Result& result = page.result;
    std::string text;
    std::size_t noisy = 0;
    for (const auto& floor : result.noise_floor) {
        if (floor.floor <= 0) continue;
        constexpr std::size_t most_noisy = 5;
        if (++noisy <= most_noisy)
            text += item(page, "noise:",
                         metric_name(floor.metric, floor.segment) + " moves by " +
                             number(floor.floor) + " with no fault at all",
                         Hue::yellow);
    }
    if (noisy > 5) text += item(page, "noise:", "and " + count(noisy - 5) + " more in result.json");
    if (result.approximate)
        text += item(
            page, "approximate:",
            "several engine threads a trial: sums of floating numbers differ in their last digits",
            Hue::yellow);
    for (std::size_t i = 0; i < result.warnings.size() && i < longest_list; ++i)
        text += item(page, "warning:", result.warnings[i], Hue::yellow);
    if (result.warnings.size() > longest_list)
        text +=
            item(page, "warning:",
                 "and " + count(result.warnings.size() - longest_list) + " more in result.json");
    return text.empty() ? text : heading(page, "What to doubt") + text;
}

}  // namespace faultline::report
