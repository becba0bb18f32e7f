#include "report/failure_story.h"
#include "report/numbers.h"
#include "report/sections.h"

namespace faultline::report {
namespace {

std::string crashed(const Page& page) {
    const auto& all = page.result.failures;
    if (all.empty()) return {};
    std::string text = heading(page, "What failed", "a loud failure: somebody would have known");
    for (std::size_t i = 0; i < all.size() && i < longest_list; ++i)
        text += item(page, at_stage(all[i]) + ":",
                     in_short(all[i].message) + " (" + count(all[i].count, "trial") + ", replay " +
                         std::to_string(all[i].trial) + ")",
                     Hue::yellow);
    if (all.size() > longest_list)
        text += item(page, "", "and " + count(all.size() - longest_list) + " more in result.json");
    return text;
}

std::string not_applied(const Page& page) {
    std::string text;
    for (const auto& perturbation : page.result.perturbations) {
        const auto found = perturbation.outcomes.find("not_applied");
        if (found == perturbation.outcomes.end() || found->second == 0) continue;
        text += item(page, perturbation.id + ":",
                     perturbation.plugin + " on " + perturbation.node +
                         " found nothing to change in " + count(found->second, "trial"),
                     Hue::yellow);
    }
    if (text.empty()) return {};
    return heading(page, "Not applied", "an error of the scenario: these trials say nothing") +
           text;
}

}  // namespace

std::string failures_section(const Page& page) {
    return crashed(page) + not_applied(page);
}

}  // namespace faultline::report
