#include <algorithm>

#include "report/display_text.h"
#include "report/sections.h"

namespace faultline::report {
namespace {
constexpr std::size_t longest_beside = 24;
}  // namespace

std::string heading(const Page& page, const std::string& title, const std::string& note) {
    std::string text = "\n" + page.paint(Hue::bold, title);
    if (!note.empty()) text += "  " + page.paint(Hue::faint, note);
    return text + "\n";
}

std::string item(const Page& page, const std::string& lead, const std::string& text, Hue lead_hue) {
    constexpr std::size_t indent = 2;
    const std::string begin = shown(lead);
    // After a long lead the text hangs under its beginning instead, or it would be a narrow column.
    const std::size_t lead_width = begin.empty() ? 0 : width_of(begin) + 1;
    const bool beside = lead_width <= longest_beside;
    const std::size_t hanging = indent + (beside ? lead_width : indent);
    const std::size_t room = std::max<std::size_t>(page.style.width, hanging + 20) - hanging;
    std::string
        filler;  // stands where the lead will, so that the first line breaks in the right place
    if (!beside) filler = std::string(lead_width > indent ? lead_width - indent - 1 : 0, 'x') + " ";
    const auto lines = wrapped(filler + shown(text), room);
    std::string out =
        std::string(indent, ' ') + page.paint(lead_hue, begin) + (begin.empty() ? "" : " ");
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i > 0) out += std::string(hanging, ' ');
        out +=
            (i == 0 ? lines[i].substr(std::min(filler.size(), lines[i].size())) : lines[i]) + "\n";
    }
    return out;
}

}  // namespace faultline::report
