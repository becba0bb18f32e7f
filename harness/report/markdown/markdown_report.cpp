#include "report/markdown/markdown_report.h"

#include "report/markdown/sections.h"
#include "report/numbers.h"

namespace faultline::report {

std::string markdown_report(const findings::Result& result) {
    using namespace markdown;
    std::string text = verdict_part(result) + priorities_part(result);
    std::vector<std::string> left_out;
    for (const auto& [title, write] : details) {
        const std::string body = write(result);
        if (body.empty()) continue;
        const std::string part = "\n<details>\n<summary>" + std::string(title) + "</summary>\n\n" +
                                 body + "\n</details>\n";
        constexpr std::size_t reserve = 1'000;  // for what says that something was left out
        if (text.size() + part.size() + reserve > longest_comment)
            left_out.emplace_back(title);
        else
            text += part;
    }
    if (!left_out.empty()) {
        text += "\nLeft out, for a comment has an end:";
        for (const auto& title : left_out) text += " " + title + ".";
        text += " `report.html` and `result.json` have all of it.\n";
    }
    return text;
}

}  // namespace faultline::report
