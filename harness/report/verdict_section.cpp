#include "report/display_text.h"
#include "report/numbers.h"
#include "report/sections.h"

namespace faultline::report {
namespace {

/// They come worst first, and the sections below have the rest in their own words.
constexpr std::size_t most_reasons = 5;

struct Word {
    const char* text;
    Hue hue;
    const char* meaning;
};

Word word_of(const findings::Result& result) {
    if (result.verdict == "held")
        return {"HELD", Hue::green, "every metric stayed within its tolerance"};
    if (result.verdict == "deviated")
        return {"DEVIATED", Hue::red, "something crashed or left its tolerance"};
    return {"UNKNOWN", Hue::yellow, "the trials do not settle it"};
}

}  // namespace

std::string verdict_section(const Page& page) {
    const findings::Result& result = page.result;
    const Word word = word_of(result);
    std::string text =
        page.paint(word.hue, word.text) + "  " +
        page.paint(Hue::bold, shown(result.title.empty() ? result.scenario : result.title)) + "\n";
    if (result.status != "completed")
        text += item(
            page, "!",
            "The run was " + result.status + " before its end: this is what was seen until then.",
            Hue::yellow);
    if (result.reasons.empty()) return text + item(page, "", word.meaning);
    for (std::size_t i = 0; i < result.reasons.size() && i < most_reasons; ++i)
        text += item(page, "·", result.reasons[i]);
    if (result.reasons.size() > most_reasons)
        text += item(page, "·",
                     "and " + count(result.reasons.size() - most_reasons) + " more in result.json");
    return text;
}

}  // namespace faultline::report
