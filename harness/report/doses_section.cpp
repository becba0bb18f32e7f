#include "report/numbers.h"
#include "report/sections.h"

namespace faultline::report {

std::string doses_section(const Page& page) {
    std::string text;
    std::size_t told = 0;
    for (const auto& dose : page.result.doses) {
        // A switch has one dose: the other sections have said it.
        if (dose.sentence.empty() || dose.binary) continue;
        if (++told <= longest_list)
            text += item(page, dose.blind ? "blind:" : "·", dose.sentence,
                         dose.blind ? Hue::red : Hue::plain);
    }
    if (told > longest_list)
        text += item(page, "", "and " + count(told - longest_list) + " more in report.html");
    return text.empty() ? text
                        : heading(page, "How much is too much",
                                  "the smallest dose that harms, and that a check notices") +
                              text;
}

}  // namespace faultline::report
