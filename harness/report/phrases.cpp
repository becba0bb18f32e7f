#include "report/phrases.h"

#include <algorithm>
#include <cmath>

#include "report/display_text.h"
#include "report/numbers.h"

namespace faultline::report {

std::string joined(const std::vector<std::string>& clauses) {
    std::string text;
    for (std::size_t i = 0; i < clauses.size(); ++i) {
        if (i > 0) text += i + 1 == clauses.size() ? ", and " : ", ";
        text += clauses[i];
    }
    return text;
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

std::string listed(const std::vector<std::string>& names, std::size_t most) {
    // "and 1 more" takes the room of the one.
    const std::size_t named = names.size() <= most + 1 ? names.size() : most;
    std::string text;
    for (std::size_t i = 0; i < named; ++i) {
        const bool last = i + 1 == names.size();
        text += (i == 0 ? "" : last ? " and " : ", ") + names[i];
    }
    if (named < names.size()) text += " and " + count(names.size() - named) + " more";
    return text;
}

std::string percent(double share) {
    const double value = share * 100;
    if (value > 0 && value < 1) return "under 1 %";
    if (value < 100 && value > 99) return "over 99 %";
    return number(std::round(value)) + " %";
}

std::string replay_command(std::uint64_t trial) {
    return "faultline replay " + std::to_string(trial) + " --from DIR";
}

std::string pasteable(const findings::Json& json) {
    using Handler = findings::Json::error_handler_t;
    std::string text = json.dump(-1, ' ', false, Handler::replace);
    return shown(text) == text ? text : json.dump(-1, ' ', true, Handler::replace);
}

}  // namespace faultline::report
