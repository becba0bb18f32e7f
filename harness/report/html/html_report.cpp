#include "report/html/html_report.h"

#include "report/display_text.h"
#include "report/html/page_assets.h"
#include "report/html/page_data.h"
#include "report/html/sections.h"

namespace faultline::report {
namespace html {
namespace {

std::string policy() {
    return "default-src 'none'; script-src '" + std::string(page_script_digest) + "'; style-src '" +
           std::string(page_style_digest) + "'; base-uri 'none'; form-action 'none'";
}

/// In reading order; the contents list those that have something to say.
struct Entry {
    const char* id;
    const char* title;
    Markup (*write)(const findings::Result&);
};

constexpr Entry entries[] = {
    {"first", "Fix first", priorities_section},  {"map", "Map", map_section},
    {"ranking", "Ranking", ranking_section},     {"silent", "Silent failures", silent_section},
    {"guards", "Guards to add", guards_section}, {"checks", "Checks", checks_section},
    {"doses", "Doses", doses_section},           {"heat", "Node × metric", heat_section},
    {"shares", "Shares", attribution_section},   {"owners", "Owners", owners_section},
    {"travel", "Travel", travel_section},        {"failures", "Failures", failures_section},
    {"doubts", "Doubts", doubts_section},        {"making", "How it was made", making_section}};

}  // namespace
}  // namespace html

std::string html_report(const findings::Result& result) {
    using namespace html;
    const std::string title = result.title.empty() ? result.scenario : result.title;
    Markup contents, body;
    for (const auto& entry : entries) {
        const Markup written = entry.write(result);
        if (written.empty()) continue;
        body += written + Markup::trusted("\n");
        contents += tag("li", tag("a", {{"href", std::string("#") + entry.id}}, entry.title));
    }
    const Markup header =
        tag("header", {{"class", "top"}}, verdict_section(result)) + Markup::trusted("\n") +
        tag("nav", {{"aria-label", "Contents"}}, tag("ul", contents)) + Markup::trusted("\n");
    std::string page = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
    page += "<meta http-equiv=\"Content-Security-Policy\" content=\"" + policy() + "\">\n";
    page += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    page += "<meta name=\"color-scheme\" content=\"light dark\">\n";
    page += "<meta name=\"referrer\" content=\"no-referrer\">\n";
    page += tag("title", Markup(cut(shown(title), 120) + " · faultline")).html() + "\n";
    page += "<style>" + std::string(page_style) + "</style>\n</head>\n<body>\n";
    page += "<a class=\"skip\" href=\"#first\">Skip to what to fix first</a>\n";
    page += header.html();
    page += tag("main", {{"id", "main"}}, body).html() + "\n";
    page += "<div id=\"announce\" class=\"unseen\" role=\"status\" aria-live=\"polite\"></div>\n";
    page += "<script type=\"application/json\" id=\"data\">" + page_data(result) + "</script>\n";
    page += "<script>" + std::string(page_script) + "</script>\n</body>\n</html>\n";
    return page;
}

}  // namespace faultline::report
