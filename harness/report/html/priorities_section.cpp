#include "report/priorities.h"

#include "report/html/sections.h"
#include "report/phrases.h"

namespace faultline::report::html {
namespace {

Markup fact(const char* title, const Markup& said) {
    return tag("dt", title) + tag("dd", said);
}

Markup card(const Priority& priority) {
    Markup facts =
        fact("Whose", tag("a", {{"href", "#map"}, {"class", "node"}, {"data-node", priority.node}},
                          code(priority.node)) +
                          (priority.owner.empty() ? Markup(", nobody's by name")
                                                  : Markup(", ") + name(priority.owner)));
    facts += fact("What happens", priority.what);
    facts += fact("How far", priority.how_far);
    facts += fact("Would anybody notice?", priority.noticed);
    Markup advice = Markup(priority.advice);
    if (!priority.guard.is_null()) advice += copyable(pasteable(priority.guard), "check");
    facts += fact("What to do", advice);
    if (priority.trial) facts += fact("See it", replay(*priority.trial));
    return tag("li", {{"class", "card"}}, tag("h3", Markup(priority.headline)) + tag("dl", facts)) +
           Markup::trusted("\n");
}

}  // namespace

Markup priorities_section(const findings::Result& result) {
    Markup cards;
    for (const auto& priority : priorities(result)) cards += card(priority);
    if (cards.empty())
        return section("first", "Nothing to fix first", {},
                       tag("p",
                           "No trial broke the pipeline or moved a number out of its tolerance. "
                           "That says as much as the faults that were tried: see the ranking "
                           "for what was, and the doubts for what was not."));
    return section("first", "Fix these first",
                   "The worst that would reach somebody, and the cheapest thing against it.",
                   tag("ol", {{"class", "cards"}}, cards));
}

}  // namespace faultline::report::html
