#pragma once

#include <string>
#include <vector>

#include "findings/result.h"
#include "report/paint.h"
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
std::string failures_section(const Page& page);
std::string checks_section(const Page& page);
std::string doubts_section(const Page& page);
std::string footer_section(const Page& page);

/// A heading, and beside it in faint what helps to read what follows.
std::string heading(const Page& page, const std::string& title, const std::string& note = {});
/// A paragraph wrapped to the page: `lead` once, then `text`, further lines under the text.
std::string item(const Page& page, const std::string& lead, const std::string& text,
                 Hue lead_hue = Hue::plain);
/// "moves a, makes b vanish, and makes c appear".
std::string joined(const std::vector<std::string>& clauses);
/// metric[territory=EMEA, month=7], made harmless. A segment that is null is left out.
std::string metric_name(const std::string& metric, const findings::Json& segment);
/// A tolerance of 0 first, then by the damage, where a segment that vanished or appeared counts 1.
std::vector<const findings::Silent*> silent_worst_first(const findings::Result& result);
/// The longest list that is printed in full; the rest is in result.json.
inline constexpr std::size_t longest_list = 12;

}  // namespace faultline::report
