#include <algorithm>
#include <cmath>
#include <limits>

#include "report/display_text.h"
#include "report/numbers.h"
#include "report/sections.h"

namespace faultline::report {
namespace {

bool has_number(const findings::Silent& silent) {
    return silent.base && silent.value;
}

/// By how much the worst number moved, or from what to what alone where a share says nothing.
std::string movement(const findings::Silent& silent) {
    std::string text = "moves " + metric_name(silent.metric, silent.segment);
    if (*silent.base != 0)
        text += " by " + change((*silent.value - *silent.base) / std::abs(*silent.base));
    text += " (" + from_to(*silent.base, *silent.value) + ")";
    if (silent.damage)
        text +=
            *silent.damage == 1 ? ", 1 tolerance" : ", " + number(*silent.damage) + " tolerances";
    // The ranking has means: say that this is not one.
    if (silent.trials > 1) text += " in the worst of " + count(silent.trials, "trial");
    return silent.damage ? text : text + ", where no change at all is tolerated";
}

std::string name_of(const findings::Changed& changed) {
    return metric_name(changed.metric, changed.segment);
}

/// The first of the series that came or went, by name, and how many there are.
std::string change_of(const findings::Changed& changed, const std::string& verb) {
    if (changed.count == 0) return {};
    const std::string more = changed.count > 1 ? " and " + count(changed.count - 1) + " more" : "";
    return "makes " + name_of(changed) + more + " " + verb;
}

std::string sentence(const findings::Silent& silent) {
    std::vector<std::string> clauses;
    if (has_number(silent)) clauses.push_back(movement(silent));
    for (auto clause : {change_of(silent.vanished, "vanish"), change_of(silent.appeared, "appear")})
        if (!clause.empty()) clauses.push_back(std::move(clause));
    const std::string text = silent.perturbation + " on " + silent.node + " " + joined(clauses);
    const bool told = has_number(silent) && silent.trials > 1;  // how many trials there are
    return text + "; no check fires (" + (told ? "" : count(silent.trials, "trial") + ", ") +
           "replay " + std::to_string(silent.worst_trial) + ")";
}

/// See Harm in findings.
double weight(const findings::Silent& silent) {
    if (has_number(silent) && !silent.damage) return std::numeric_limits<double>::infinity();
    return std::max(silent.damage.value_or(0),
                    silent.vanished.count + silent.appeared.count > 0 ? 1.0 : 0.0);
}

}  // namespace

std::vector<const findings::Silent*> silent_worst_first(const findings::Result& result) {
    std::vector<const findings::Silent*> all;
    for (const auto& silent : result.silent) all.push_back(&silent);
    std::stable_sort(all.begin(), all.end(),
                     [](const auto* a, const auto* b) { return weight(*a) > weight(*b); });
    return all;
}

std::string silent_section(const Page& page) {
    const auto all = silent_worst_first(page.result);
    if (all.empty()) return {};
    std::string text =
        heading(page, "Silent failures", "out of tolerance, and nothing would have told you");
    for (std::size_t i = 0; i < all.size() && i < longest_list; ++i)
        text += item(page, "SILENT:", sentence(*all[i]), Hue::red);
    if (all.size() > longest_list)
        text += item(page, "", "and " + count(all.size() - longest_list) + " more in result.json");
    return text;
}

}  // namespace faultline::report
