#include <algorithm>
#include <vector>

#include "report/numbers.h"
#include "report/sections.h"

namespace faultline::report {
namespace {

std::string list(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < longest_list; ++i)
        text += (text.empty() ? "" : ", ") + names[i];
    if (names.size() > longest_list) text += " and " + count(names.size() - longest_list) + " more";
    return text;
}

}  // namespace

std::string checks_section(const Page& page) {
    std::vector<const findings::CheckResult*> by_fired;
    for (const auto& check : page.result.checks) by_fired.push_back(&check);
    std::stable_sort(by_fired.begin(), by_fired.end(),
                     [](const auto* a, const auto* b) { return a->fired > b->fired; });
    std::vector<std::string> fired, never, in_base, errored;
    for (const auto* check : by_fired) {
        const std::string name = check->id + " on " + check->node;
        if (check->fired_in_base) {
            in_base.push_back(name);
        } else if (check->fired > 0) {
            fired.push_back(name + " (" + count(check->fired, "trial") + ")");
        } else {
            never.push_back(name);
        }
        if (check->errored > 0)
            errored.push_back(name + " (" + count(check->errored, "trial") + ")");
    }
    std::string text;
    if (!fired.empty()) text += item(page, "noticed something:", list(fired), Hue::green);
    if (!never.empty()) text += item(page, "noticed nothing:", list(never), Hue::faint);
    if (!in_base.empty())
        text +=
            item(page, in_base.size() == 1 ? "fires without any fault:" : "fire without any fault:",
                 list(in_base) + (in_base.size() == 1 ? "; it can" : "; they can") +
                     " tell nothing until that is mended",
                 Hue::yellow);
    if (!errored.empty())
        text += item(page, "could not be run:", list(errored) + "; counted as fired", Hue::yellow);
    return text.empty() ? text : heading(page, "Checks") + text;
}

}  // namespace faultline::report
