#include <fmt/format.h>

#include "report/display_text.h"
#include "report/html/sections.h"
#include "report/numbers.h"
#include "report/outcomes.h"
#include "report/phrases.h"
#include "report/priorities.h"

namespace faultline::report::html {
namespace {

constexpr std::size_t longest_title = 200;

struct Badge {
    const char* sign;
    const char* word;
    const char* meaning;
};

Badge badge_of(const findings::Result& result) {
    if (result.verdict == "held") return {"✓", "Held", "every number stayed within its tolerance"};
    if (result.verdict == "deviated")
        return {"✕", "Deviated", "something broke, or a number left its tolerance"};
    return {"?", "Unknown", "the trials do not settle it"};
}

struct Ending {
    const char* key;
    const char* said;
    const char* meaning;
};

constexpr Ending endings[] = {
    {"silent", "silent", "out of tolerance, and no check fired"},
    {"crashed", "crashed", "a step failed: loud"},
    {"timed_out", "timed out", "a step outlived its time"},
    {"detected", "detected", "out of tolerance, and a check fired"},
    {"false_alarm", "false alarm", "within tolerance, yet a check fired"},
    {"not_applied", "not applied", "the fault changed nothing: an error of the scenario"},
    {"absorbed", "absorbed", "within tolerance, no check fired"}};

/// A bar of all trials by how they ended; its legend says the same in words.
Markup endings_bar(const findings::Result& result) {
    const auto total = total_of(result.trials);
    if (total == 0) return {};
    Markup bar, legend;
    std::uint64_t before = 0;
    for (const auto& ending : endings) {
        const auto n = number_of(result.trials, ending.key);
        if (n == 0) continue;
        const auto at = [&](std::uint64_t trials) {
            return fmt::format("{:.3f}",
                               1000.0 * static_cast<double>(trials) / static_cast<double>(total));
        };
        bar += tag("rect",
                   {{"class", std::string("o-") + ending.key},
                    {"x", at(before)},
                    {"width", at(n)},
                    {"height", "16"}},
                   tag("title", Markup(count(n) + " " + ending.said)));
        legend += tag("li", {{"title", ending.meaning}},
                      tag("span", {{"class", std::string("dot o-") + ending.key}}, "") +
                          tag("strong", Markup(count(n))) + Markup(std::string(" ") + ending.said));
        before += n;
    }
    return tag("div", {{"class", "endings"}},
               tag("svg",
                   {{"viewBox", "0 0 1000 16"},
                    {"preserveAspectRatio", "none"},
                    {"role", "img"},
                    {"aria-label", count(total, "trial") + ": " + outcomes_text(result.trials)}},
                   bar) +
                   tag("ul", legend));
}

Markup tile(const std::string& value, const char* title, const std::string& note) {
    return tag(
        "div", {{"class", "tile"}},
        tag("dt", title) + tag("dd", tag("strong", Markup(value)) +
                                         (note.empty() ? Markup() : tag("span", Markup(note)))));
}

Markup tiles(const findings::Result& result) {
    Markup all;
    const auto total = total_of(result.trials);
    if (total > 0)
        all += tile(count(number_of(result.trials, "silent")), "Silent failures",
                    "of " + count(total, "trial"));
    const auto& mutants = result.check_scores.pipeline;
    if (mutants.score)
        all += tile(percent(*mutants.score), "Caught by checks",
                    mutants.low && mutants.high ? percent(*mutants.low) + " to " +
                                                      percent(*mutants.high) + " of harmful faults"
                                                : "of harmful faults");
    if (result.guards.score_before && result.guards.score_after && !result.guards.proposed.empty())
        all += tile(percent(*result.guards.score_after), "With the guards below",
                    "instead of " + percent(*result.guards.score_before));
    const auto& resilience = result.structure.resilience;
    if (resilience.score)
        all += tile(number(*resilience.score * 100), "Resilience, of 100",
                    resilience.low && resilience.high
                        ? number(*resilience.low * 100) + " to " + number(*resilience.high * 100)
                        : "");
    return all.empty() ? all : tag("dl", {{"class", "tiles"}}, all);
}

}  // namespace

Markup verdict_section(const findings::Result& result) {
    const Badge badge = badge_of(result);
    Markup text = tag("p", {{"class", "brand"}},
                      tag("strong", "faultline") + Markup(" · ") + name(result.pipeline));
    text += tag("h1", Markup(cut(shown(result.title.empty() ? result.scenario : result.title),
                                 longest_title)));
    text += tag("p", {{"class", "verdict v-" + result.verdict}},
                tag("span", {{"class", "badge"}},
                    tag("span", {{"aria-hidden", "true"}}, badge.sign) +
                        Markup(std::string(" ") + badge.word)) +
                    Markup(std::string(" ") + badge.meaning + "."));
    if (result.status != "completed")
        text += tag("p", {{"class", "warning"}},
                    Markup("The run was " + result.status +
                           " before its end: this is what was seen until then."));
    text += tag("p", {{"class", "answer"}}, Markup(verdict_sentence(result)));
    text += endings_bar(result);
    text += tiles(result);
    return text;
}

}  // namespace faultline::report::html
