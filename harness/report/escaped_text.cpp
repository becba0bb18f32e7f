#include "report/escaped_text.h"

#include "report/display_text.h"

namespace faultline::report {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : shown(text)) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

}  // namespace faultline::report
