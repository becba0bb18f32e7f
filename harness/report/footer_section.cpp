#include "report/display_text.h"
#include "report/numbers.h"
#include "report/outcomes.h"
#include "report/sections.h"
#include "report/silent_story.h"

namespace faultline::report {
namespace {

std::string trials_text(const findings::Result& result) {
    const auto stated = result.trials.find("total");
    const auto total = stated != result.trials.end() ? stated->second : total_of(result.trials);
    const std::string outcomes = outcomes_text(result.trials);
    return count(total, "trial") + (outcomes.empty() ? "" : ": " + outcomes);
}

std::string versions_text(const findings::Json& versions) {
    std::string text;
    const auto add = [&](const std::string& part) { text += (text.empty() ? "" : " · ") + part; };
    if (!versions.is_object()) return text;
    for (const auto& [name, version] : versions.items()) {
        if (version.is_string()) {
            const auto said = version.get<std::string>();
            // An engine's version names the engine: "DuckDB v1.4.4".
            add(said.find(' ') == std::string::npos ? name + " " + said : said);
        } else if (version.is_object()) {
            for (const auto& [plugin, inner] : version.items())
                if (inner.is_string()) {
                    add(plugin + " " + inner.get<std::string>());
                } else if (inner.is_object() && inner.contains("version") &&
                           inner["version"].is_string()) {
                    add(plugin + " " + inner["version"].get<std::string>());
                }
        }
    }
    return text;
}

}  // namespace

std::string footer_section(const Page& page) {
    const findings::Result& result = page.result;
    const std::uint64_t steps = result.run + result.reused + result.skipped;
    std::string text = "\n" + item(page, "", trials_text(result));
    text += item(page, "",
                 count(steps, "step") + " in them: " + count(result.run) + " run, " +
                     count(result.reused) + " reused, " + count(result.skipped) + " skipped");
    for (const auto& sentence : result.explanation) text += item(page, "", sentence);
    const std::string versions = versions_text(result.versions);
    text +=
        item(page, "",
             "seed " + std::to_string(result.seed) + (versions.empty() ? "" : " · " + versions));
    if (page.style.folder.empty()) return text;
    const std::string folder = page.style.folder;
    text += item(page, "",
                 "the whole story: " + folder +
                     "/report.html (report.md and junit.xml say it to others, " +
                     "result.json has every number, journal.jsonl every trial)");
    // The trial most worth looking at: the worst silent failure, else the first loud one.
    const bool silent = !result.silent.empty();
    if (silent || !result.failures.empty()) {
        const auto trial = silent ? silent_worst_first(result).front()->worst_trial
                                  : result.failures.front().trial;
        text +=
            item(page, "",
                 "look at one: faultline replay " + std::to_string(trial) + " --from " + folder);
    }
    return text;
}

}  // namespace faultline::report
