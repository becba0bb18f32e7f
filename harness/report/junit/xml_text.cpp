#include "report/junit/xml_text.h"

#include "report/escaped_text.h"

namespace faultline::report::junit {

std::string xml(std::string_view text) {
    std::string safe = escaped(text);
    // U+FFFE and U+FFFF, which become the mark of a character that is not there.
    for (const char* none : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"})
        for (auto at = safe.find(none); at != std::string::npos; at = safe.find(none, at))
            safe.replace(at, 3, "\xEF\xBF\xBD");
    return safe;
}

}  // namespace faultline::report::junit
