#include "report/numbers.h"
#include "report/phrases.h"
#include "report/sections.h"

namespace faultline::report {

std::string structure_section(const Page& page) {
    const auto& structure = page.result.structure;
    const auto& resilience = structure.resilience;
    std::string text;
    if (resilience.score) {
        std::string said = number(*resilience.score * 100) + " of 100";
        if (resilience.low && resilience.high)
            said += " (" + number(*resilience.low * 100) + " to " + number(*resilience.high * 100) +
                    ")";
        text += item(page,
                     "resilience:", said + (resilience.text.empty() ? "" : ". " + resilience.text));
    }
    if (!structure.single_points.empty())
        text += item(page, "single points of failure:", listed(structure.single_points, 8));
    return text.empty() ? text : heading(page, "Structure") + text;
}

}  // namespace faultline::report
