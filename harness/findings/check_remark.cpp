#include "findings/check_remark.h"

#include <fmt/format.h>

#include "findings/wording.h"

namespace faultline::findings {
namespace {

std::string faults(double count) {
    return short_number(count) + (count == 1 ? " fault" : " faults");
}

}  // namespace

std::string check_remark(const CheckScore& score) {
    if (score.fired_in_base) return "fires on untouched data, so it tells nothing";
    if (score.harmful_seen == 0 && score.kills == 0)
        return score.false_alarms > 0
                   ? "fires on benign changes, and no fault that does harm reaches it"
                   : "no fault that does harm reaches it: nothing can be said of it";
    if (score.never_killed)
        return score.false_alarms > 0
                   ? fmt::format("{} that did harm went past it, and it fires on benign changes",
                                 faults(score.harmful_seen))
                   : fmt::format("{} that did harm went past it, and it never fired",
                                 faults(score.harmful_seen));
    if (score.kills == 0) return "fires, but never where there is harm";
    std::string text;
    if (score.false_alarms > 0)
        text = fmt::format("cries wolf: fires on {} of {} benign changes",
                           short_number(score.false_alarms), short_number(score.benign_seen));
    if (score.only_downstream)
        text += (text.empty() ? "" : "; ") +
                std::string("fires only on or behind the output that is wrong by then");
    return text;
}

}  // namespace faultline::findings
