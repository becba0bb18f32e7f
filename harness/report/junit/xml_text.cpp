#include "report/junit/xml_text.h"

#include "report/display_text.h"

namespace faultline::report::junit {

std::string xml(std::string_view text) {
    const std::string safe = shown(text);
    std::string out;
    for (std::size_t i = 0; i < safe.size(); ++i) {
        const std::string_view rest(safe.data() + i, safe.size() - i);
        if (rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF")) {
            out += "\xEF\xBF\xBD";
            i += 2;
            continue;
        }
        switch (safe[i]) {
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
            default:
                out += safe[i];
        }
    }
    return out;
}

}  // namespace faultline::report::junit
