#include "journal/lines.h"

namespace faultline::journal {

Json to_json(const Closing& closing) {
    return {{"type", "closing"}, {"status", closing.status}, {"message", closing.message}};
}

Closing parse_closing(const Json& line) {
    const Fields fields(line, "the closing line");
    Closing closing{fields.text("status"), fields.text("message")};
    if (closing.status != "completed" && closing.status != "interrupted" &&
        closing.status != "failed")
        throw Malformed("no run can end as \"" + closing.status + "\"");
    return closing;
}

}  // namespace faultline::journal
