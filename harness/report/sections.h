#pragma once

#include <string>
#include <vector>

#include "findings/result.h"
#include "report/paint.h"
#include "report/phrases.h"
#include "report/terminal.h"

namespace faultline::report {

/// What every section of the terminal report is given. Borrowed for one call.
struct Page {
    const findings::Result& result;
    const TerminalStyle& style;
    Paint paint;
};

/// A section returns its lines, or nothing when it has nothing to say. Each is one file; the order
/// is in terminal.cpp.
std::string verdict_section(const Page& page);
std::string ranking_section(const Page& page);
std::string attribution_section(const Page& page);
std::string interactions_section(const Page& page);
std::string silent_section(const Page& page);
std::string guards_section(const Page& page);
std::string doses_section(const Page& page);
std::string failures_section(const Page& page);
std::string checks_section(const Page& page);
std::string scores_section(const Page& page);
std::string structure_section(const Page& page);
std::string travel_section(const Page& page);
std::string doubts_section(const Page& page);
std::string footer_section(const Page& page);

/// A heading, and beside it in faint what helps to read what follows.
std::string heading(const Page& page, const std::string& title, const std::string& note = {});
/// A paragraph wrapped to the page: `lead` once, then `text`, further lines under the text.
std::string item(const Page& page, const std::string& lead, const std::string& text,
                 Hue lead_hue = Hue::plain);
/// The longest list that is printed in full; the rest is in result.json.
inline constexpr std::size_t longest_list = 12;

}  // namespace faultline::report
