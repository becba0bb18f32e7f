#include "report/html/sections.h"
#include "report/numbers.h"
#include "report/phrases.h"

namespace faultline::report::html {
namespace {

Markup rate_text(double estimate, double low, double high) {
    return tag("span", {{"class", "unbroken"}}, Markup(percent(estimate))) + Markup(" ") +
           tag("span", {{"class", "unbroken"}},
               Markup("[" + percent(low) + ", " + percent(high) + "]"));
}

Markup summary_of(const findings::Guards& guards) {
    std::string text;
    if (guards.silent_trials > 0)
        text = "Together they catch " + count(guards.covered_trials) + " of " +
               count(guards.silent_trials, "silent trial") + ". ";
    if (guards.score_before && guards.score_after)
        text += "The share of harmful faults that a check notices goes from " +
                percent(*guards.score_before) + " to " + percent(*guards.score_after) + ".";
    return text.empty() ? Markup() : tag("p", Markup(text));
}

}  // namespace

Markup guards_section(const findings::Result& result) {
    const auto& guards = result.guards;
    Rows table("guard-rows", "Checks that would have caught what went unseen, the best first",
               {"Guard", "On", "Catches", "#Adds", "Of what it can see", "False alarms",
                "To paste into \"checks\""});
    findings::Json all = findings::Json::array();
    for (const auto& guard : guards.proposed) {
        table.add(
            {Markup(guard.text),
             code(guard.node) + (guard.owner.empty() ? Markup() : Markup(", ") + name(guard.owner)),
             Markup(listed(guard.covers)), Markup("+" + count(guard.adds)),
             rate_text(guard.power, guard.power_low, guard.power_high),
             rate_text(guard.false_alarms, guard.false_alarms_low, guard.false_alarms_high),
             copyable(pasteable(guard.check), "check")});
        all.push_back(guard.check);
    }
    Markup text;
    if (!table.empty()) {
        text = summary_of(guards) + table.markup();
        Markup block;
        for (const auto& check : all)
            block += (block.empty() ? Markup() : Markup::trusted(",\n")) + Markup(pasteable(check));
        text += tag("details", tag("summary", "All of them, to paste") +
                                   tag("div", {{"class", "copyable"}, {"data-what", "all checks"}},
                                       tag("pre", {{"tabindex", "0"}}, tag("code", block))));
    }
    if (!guards.out_of_reach.empty())
        text +=
            tag("p", Markup("No simple guard tells these from good data: " +
                            listed(guards.out_of_reach, 12) +
                            ". Reconcile them against a second source, or agree on a contract."));
    if (guards.at_output)
        text += tag("p", Markup("The best that could be had on an output itself: " +
                                guards.at_output->text + ", which catches " +
                                percent(guards.at_output->power) + " of what it can see."));
    if (!guards.note.empty() && guards.silent_trials > 0) text += tag("p", Markup(guards.note));
    return section("guards", "The guards that would have caught it",
                   "Found by a search over simple checks at every node between a fault and an "
                   "output; power and false alarms are counted in the trials of this run.",
                   text);
}

}  // namespace faultline::report::html
