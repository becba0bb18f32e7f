#include "report/html/sections.h"
#include "report/numbers.h"
#include "report/phrases.h"

namespace faultline::report::html {

Markup doubts_section(const findings::Result& result) {
    Markup items;
    std::size_t noisy = 0;
    for (const auto& floor : result.noise_floor) {
        if (floor.floor <= 0) continue;
        constexpr std::size_t most_noisy = 12;
        if (++noisy <= most_noisy)
            items += tag("li", Markup(metric_name(floor.metric, floor.segment) + " moves by " +
                                      number(floor.floor) + " with no fault at all"));
    }
    if (noisy > 12) items += tag("li", Markup(count(noisy - 12) + " more numbers move so"));
    if (result.approximate)
        items += tag("li",
                     "Several engine threads a trial: sums of floating numbers differ in their "
                     "last digits.");
    for (const auto& warning : result.warnings) items += tag("li", Markup(warning));
    // What stands against the verdict of an unknown, or explains one that held.
    if (result.verdict != "deviated")
        for (const auto& reason : result.reasons) items += tag("li", Markup(reason));
    return section("doubts", "What to doubt", {}, items.empty() ? items : tag("ul", items));
}

}  // namespace faultline::report::html
