#include <algorithm>

#include "report/html/sections.h"
#include "report/numbers.h"
#include "report/outcomes.h"
#include "report/phrases.h"

namespace faultline::report::html {
namespace {

Markup made_with(const char* title, const Markup& said) {
    return said.empty() ? said : tag("dt", title) + tag("dd", said);
}

Markup versions_list(const findings::Json& versions) {
    Markup items;
    if (!versions.is_object()) return items;
    for (const auto& [part, version] : versions.items()) {
        if (version.is_string()) {
            items += tag("li", Markup(part + ": " + version.get<std::string>()));
        } else if (version.is_object()) {
            for (const auto& [plugin, inner] : version.items()) {
                const auto& said =
                    inner.is_object() && inner.contains("version") ? inner["version"] : inner;
                items += tag(
                    "li", Markup("plugin " + plugin + ": " +
                                 (said.is_string() ? said.get<std::string>() : pasteable(said))));
            }
        }
    }
    return items.empty() ? items : tag("ul", items);
}

std::string floor_text(const findings::Result& result) {
    const auto moving = std::count_if(result.noise_floor.begin(), result.noise_floor.end(),
                                      [](const auto& floor) { return floor.floor > 0; });
    if (result.noise_floor.empty()) return {};
    if (moving == 0)
        return "none: run again with other threads and another order of rows, all " +
               count(result.noise_floor.size(), "number") + " came out the same";
    return count(static_cast<std::uint64_t>(moving)) + " of " +
           count(result.noise_floor.size(), "number") + " move without any fault";
}

}  // namespace

Markup making_section(const findings::Result& result) {
    Markup design;
    for (const auto& sentence : result.explanation) design += tag("p", Markup(sentence));
    Markup reasons;
    for (const auto& reason : result.reasons) reasons += tag("li", Markup(reason));
    const std::uint64_t steps = result.run + result.reused + result.skipped;
    Markup facts =
        made_with("Scenario", Markup(result.scenario)) +
        made_with("Pipeline", Markup(result.pipeline)) +
        made_with("Seed", Markup(std::to_string(result.seed))) + made_with("Design", design) +
        made_with("Trials", Markup(count(total_of(result.trials), "trial") + ": " +
                                   outcomes_text(result.trials))) +
        made_with("Cost",
                  Markup(count(steps, "step") + " in them: " + count(result.run) + " run, " +
                         count(result.reused) + " reused, " + count(result.skipped) + " skipped")) +
        made_with("Noise floor", Markup(floor_text(result))) +
        made_with("Versions", versions_list(result.versions)) +
        made_with("Verdict", tag("p", Markup(result.verdict)) +
                                 (reasons.empty() ? reasons
                                                  : tag("details", tag("summary", "and why") +
                                                                       tag("ul", reasons))));
    return section("making", "How this was made",
                   "The same scenario, seed and versions give the same report to the byte. "
                   "journal.jsonl beside it has every trial, result.json every number.",
                   tag("dl", {{"class", "facts"}}, facts));
}

}  // namespace faultline::report::html
