#include "report/html/sections.h"
#include "report/numbers.h"
#include "report/phrases.h"

namespace faultline::report::html {
namespace {

using findings::CheckScore;
using findings::MutationScore;

Markup share_text(const std::optional<double>& estimate, const std::optional<double>& low,
                  const std::optional<double>& high) {
    if (!estimate) return "–";
    Markup text = tag("span", {{"class", "unbroken"}}, Markup(percent(*estimate)));
    if (low && high)
        text += Markup(" ") + tag("span", {{"class", "unbroken"}},
                                  Markup("[" + percent(*low) + ", " + percent(*high) + "]"));
    return text;
}

Markup scored_checks(const findings::Result& result) {
    Rows table("check-rows", "Each check, judged by the faults that it can see",
               {"Check", "On", "Remark", "Catches (recall)", "Right when it fires (precision)",
                "#Nodes away", "#Rows gone wrong before", "#Only it catches"});
    for (const auto& check : result.check_scores.checks)
        table.add(
            {code(check.id),
             code(check.node) + (check.owner.empty() ? Markup() : Markup(", ") + name(check.owner)),
             Markup(check.remark), share_text(check.recall, check.recall_low, check.recall_high),
             share_text(check.precision, check.precision_low, check.precision_high),
             Markup(check.distance_nodes ? number(*check.distance_nodes) : "–"),
             Markup(check.distance_rows ? number(*check.distance_rows) : "–"),
             Markup(number(check.sole_kills))});
    return table.empty() ? Markup() : table.markup();
}

/// Where there are no scores: how often each fired.
Markup fired_checks(const findings::Result& result) {
    Rows table("check-rows", "Each check, and how often it fired",
               {"Check", "On", "#Fired", "#Could not be run", "Remark"});
    for (const auto& check : result.checks)
        table.add({code(check.id), code(check.node), Markup(count(check.fired, "trial")),
                   Markup(count(check.errored)),
                   Markup(check.fired_in_base ? "fires without any fault: it can tell nothing"
                          : check.fired == 0  ? "noticed nothing"
                                              : "")});
    return table.empty() ? Markup() : table.markup();
}

Markup mutants_of(const findings::Result& result) {
    const auto& scores = result.check_scores;
    Rows table("mutant-rows", "How the faults ended, by where they were put",
               {"Of", "#Faults", "#Caught at the source", "#Caught later", "#Silent", "#Crashed",
                "#Absorbed", "Caught of the harmful", "#False alarms on benign"});
    const auto add = [&](const std::string& what, const MutationScore& score) {
        table.add(
            {Markup(what), Markup(number(score.mutants)), Markup(number(score.killed_at_source)),
             Markup(number(score.killed_later)), Markup(number(score.silent)),
             Markup(number(score.crashed)), Markup(number(score.absorbed)),
             share_text(score.score, score.low, score.high),
             Markup(score.benign > 0 ? number(score.false_alarms) + " of " + number(score.benign)
                                     : "–")});
    };
    if (scores.pipeline.mutants > 0) add("the pipeline", scores.pipeline);
    for (const auto& [owner, score] : scores.by_owner)
        add("owner " + (owner.empty() ? std::string("unnamed") : owner), score);
    for (const auto& [node, score] : scores.by_node) add("node " + node, score);
    for (const auto& [plugin, score] : scores.by_plugin) add("plugin " + plugin, score);
    if (table.empty()) return {};
    return tag("details", tag("summary", "By owner, node and kind of fault") + table.markup());
}

}  // namespace

Markup checks_section(const findings::Result& result) {
    const bool scored = !result.check_scores.checks.empty();
    std::vector<std::string> base, errored;
    for (const auto& check : result.checks) {
        if (check.fired_in_base) base.push_back(check.id);
        if (check.errored > 0) errored.push_back(check.id);
    }
    Markup text = scored ? scored_checks(result) : fired_checks(result);
    if (scored && !base.empty())
        text += tag("p", {{"class", "warning"}},
                    Markup(listed(base, 12) + (base.size() == 1 ? " fires" : " fire") +
                           " without any fault, and can tell nothing until that is mended."));
    if (!errored.empty())
        text += tag(
            "p", {{"class", "warning"}},
            Markup(listed(errored, 12) + " could not be run in some trials; counted as fired."));
    text += mutants_of(result);
    return section("checks", "Would your checks notice?",
                   scored
                       ? "Every injected fault is a mutant of the data; a check that fires kills "
                         "it. Benign twins of the faults show who cries wolf."
                       : "A check fires when it finds something here that it does not find in "
                         "untouched data.",
                   text);
}

}  // namespace faultline::report::html
