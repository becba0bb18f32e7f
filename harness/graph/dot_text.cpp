#include "graph/dot_text.h"

namespace faultline::graph {

std::string label_text(std::string_view text) {
    std::string result;
    result.reserve(text.size() + 8);
    for (const char c : text) {
        switch (c) {
            case '"':
                result += "\\\"";
                break;
            case '\\':
                result += "\\\\";
                break;
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '\n':
            case '\r':
            case '\t':
                result += ' ';
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
                    result += "\xef\xbf\xbd";
                } else {
                    result += c;
                }
        }
    }
    return result;
}

}  // namespace faultline::graph
