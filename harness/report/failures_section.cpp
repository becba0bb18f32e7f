#include "report/display_text.h"
#include "report/numbers.h"
#include "report/sections.h"

namespace faultline::report {
namespace {

/// Where in the run it happened, in words.
std::string at_stage(const findings::FailureResult& failure) {
    if (failure.stage == "metric") return "a metric of " + failure.node;
    if (failure.stage == "check") return "a check of " + failure.node;
    if (failure.stage == "perturb") return "perturbing " + failure.node;
    return failure.node;
}

constexpr std::size_t longest_message = 160;

/// Engines write messages over several lines, some with long lists of candidates; here they are one
/// paragraph of the first sentences, and "…" stands for the rest, which is in result.json. A first
/// sentence that is too long ends at a word.
std::string in_short(const std::string& message) {
    std::string text, kept;
    for (const char c : message) {
        const bool space = c == '\n' || c == '\t' || c == '\r' || c == ' ';
        if (!space) {
            text += c;
            continue;
        }
        if (text.empty() || text.back() == ' ') continue;
        const bool ends = c == '\n' || text.back() == '.' || text.back() == '!';
        // A line that announces a list is nothing without it.
        if (ends && text.back() != ':' && width_of(shown(text)) <= longest_message) kept = text;
        text += ' ';
    }
    while (!text.empty() && text.back() == ' ') text.pop_back();
    if (width_of(shown(text)) <= longest_message) return text;
    if (!kept.empty()) return kept + " …";
    const std::string start = cut(shown(text), longest_message);
    const auto word = start.rfind(' ');
    return word == std::string::npos ? start : start.substr(0, word) + " …";
}

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
