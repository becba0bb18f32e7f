#include "report/html/sections.h"
#include "report/numbers.h"
#include "report/phrases.h"

namespace faultline::report::html {
namespace {

std::string threshold_text(const findings::Threshold& threshold) {
    if (!threshold.severity) return "never";
    std::string text =
        threshold.text.empty() ? "severity " + number(*threshold.severity) : threshold.text;
    if (threshold.low && threshold.high && *threshold.low < *threshold.high)
        text += " (severity " + number(*threshold.low) + " to " + number(*threshold.high) + ")";
    return text;
}

std::string blind_text(const findings::DoseResponse& dose) {
    if (!dose.blind) return dose.harmful.severity ? "none" : "";
    return "severity " + number(dose.blind->first) + " to " + number(dose.blind->second);
}

}  // namespace

Markup doses_section(const findings::Result& result) {
    Rows table(
        "dose-rows", "The smallest dose that harms, and the smallest that is noticed",
        {"Fault", "Node", "Number", "Harms from", "A check fires from", "Blind zone", "In words"});
    for (const auto& dose : result.doses)
        table.add({code(dose.perturbation), code(dose.node),
                   Markup(metric_name(dose.metric, dose.segment)),
                   Markup(threshold_text(dose.harmful)),
                   Markup(threshold_text(dose.noticed) +
                          (dose.noticed_by.empty() ? "" : ", " + dose.noticed_by)),
                   Markup(blind_text(dose)), Markup(dose.sentence)});
    if (table.empty()) return {};
    return section(
        "doses", "How much is too much",
        "Damage as the dose grows. Between the dose that harms and the dose that a check "
        "notices lies the blind zone.",
        tag("div", {{"id", "dose-view"}, {"class", "scripted"}}, "") +
            tag("details", {{"class", "table-of"}},
                tag("summary", "The same as a table") + table.markup()));
}

}  // namespace faultline::report::html
