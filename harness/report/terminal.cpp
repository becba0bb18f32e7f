#include "report/terminal.h"

#include "report/sections.h"

namespace faultline::report {

std::string terminal_report(const findings::Result& result, const TerminalStyle& style) {
    const Page page{result, style, Paint(style.colour)};
    std::string text;
    for (const auto section :
         {verdict_section, ranking_section, attribution_section, interactions_section,
          silent_section, guards_section, doses_section, failures_section, checks_section,
          scores_section, structure_section, travel_section, doubts_section, footer_section})
        text += section(page);
    return text;
}

}  // namespace faultline::report
