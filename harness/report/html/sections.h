#pragma once

#include <string>
#include <vector>

#include "findings/result.h"
#include "report/html/markup.h"

namespace faultline::report::html {

/// The sections of the page. Each is one file, knows nothing of the others, and is empty when it
/// has nothing to say; the order is in html_report.cpp. All of it can be read without a script: the
/// script adds what moves, and draws what a table says.
Markup verdict_section(const findings::Result& result);
Markup priorities_section(const findings::Result& result);
Markup map_section(const findings::Result& result);
Markup ranking_section(const findings::Result& result);
Markup heat_section(const findings::Result& result);
Markup attribution_section(const findings::Result& result);
Markup doses_section(const findings::Result& result);
Markup silent_section(const findings::Result& result);
Markup guards_section(const findings::Result& result);
Markup checks_section(const findings::Result& result);
Markup owners_section(const findings::Result& result);
Markup travel_section(const findings::Result& result);
Markup failures_section(const findings::Result& result);
Markup doubts_section(const findings::Result& result);
Markup making_section(const findings::Result& result);

/// <section id=…> under a heading, with a sentence that helps to read it; empty for no content.
Markup section(const char* id, const char* title, const Markup& lead, const Markup& content);
/// Damage in words of a table's cell: "13.6", "∞", "–".
Markup damage_cell(const std::optional<double>& damage, bool unbounded);
/// How bad a damage is, 0 to 6, for the colour beside the number.
int level_of(const std::optional<double>& damage, bool unbounded);

}  // namespace faultline::report::html
