#include <algorithm>

#include "report/display_text.h"
#include "report/sections.h"

namespace faultline::report {

std::string heading(const Page& page, const std::string& title, const std::string& note) {
    std::string text = "\n" + page.paint(Hue::bold, title);
    if (!note.empty()) text += "  " + page.paint(Hue::faint, note);
    return text + "\n";
}

std::string item(const Page& page, const std::string& lead, const std::string& text, Hue lead_hue) {
    constexpr std::size_t indent = 2;
    const std::string begin = shown(lead);
    const std::size_t hanging = indent + (begin.empty() ? 0 : width_of(begin) + 1);
    const std::size_t room = std::max<std::size_t>(page.style.width, hanging + 20) - hanging;
    std::string out;
    for (const auto& line : wrapped(shown(text), room)) {
        if (out.empty()) {
            out =
                std::string(indent, ' ') + page.paint(lead_hue, begin) + (begin.empty() ? "" : " ");
        } else {
            out += std::string(hanging, ' ');
        }
        out += line + "\n";
    }
    return out;
}

std::string metric_name(const std::string& metric, const findings::Json& segment) {
    if (!segment.is_object() || segment.empty()) return shown(metric);
    std::string text;
    for (const auto& [column, value] : segment.items()) {
        text += text.empty() ? "[" : ", ";
        text += column + "=";
        text += value.is_string()
                    ? value.get<std::string>()
                    : value.dump(-1, ' ', false, findings::Json::error_handler_t::replace);
    }
    return shown(metric + text + "]");
}

}  // namespace faultline::report
