#include "report/silent_story.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "report/numbers.h"
#include "report/phrases.h"

namespace faultline::report {
namespace {

std::string name_of(const findings::Changed& changed) {
    return metric_name(changed.metric, changed.segment);
}

/// The first of the series that came or went, by name, and how many there are.
std::string change_of(const findings::Changed& changed, const std::string& verb) {
    if (changed.count == 0) return {};
    const std::string more = changed.count > 1 ? " and " + count(changed.count - 1) + " more" : "";
    return "makes " + name_of(changed) + more + " " + verb;
}

/// By how much the worst number moved.
std::string movement(const findings::Silent& silent) {
    std::string text = "moves " + metric_name(silent.metric, silent.segment);
    text += *silent.base != 0 ? " by " + moved_by(silent) : " " + moved_by(silent);
    if (silent.damage)
        text +=
            *silent.damage == 1 ? ", 1 tolerance" : ", " + number(*silent.damage) + " tolerances";
    // The ranking has means: say that this is not one.
    if (silent.trials > 1) text += " in the worst of " + count(silent.trials, "trial");
    return silent.damage ? text : text + ", where no change at all is tolerated";
}

}  // namespace

bool has_number(const findings::Silent& silent) {
    return silent.base && silent.value;
}

std::string moved_by(const findings::Silent& silent) {
    const std::string ends = "(" + from_to(*silent.base, *silent.value) + ")";
    if (*silent.base == 0) return ends;
    return change((*silent.value - *silent.base) / std::abs(*silent.base)) + " " + ends;
}

std::string what_it_does(const findings::Silent& silent) {
    std::vector<std::string> clauses;
    if (has_number(silent)) clauses.push_back(movement(silent));
    for (auto clause : {change_of(silent.vanished, "vanish"), change_of(silent.appeared, "appear")})
        if (!clause.empty()) clauses.push_back(std::move(clause));
    return joined(clauses);
}

double weight_of(const findings::Silent& silent) {
    if (has_number(silent) && !silent.damage) return std::numeric_limits<double>::infinity();
    return std::max(silent.damage.value_or(0),
                    silent.vanished.count + silent.appeared.count > 0 ? 1.0 : 0.0);
}

std::vector<const findings::Silent*> silent_worst_first(const findings::Result& result) {
    std::vector<const findings::Silent*> all;
    for (const auto& silent : result.silent) all.push_back(&silent);
    std::stable_sort(all.begin(), all.end(),
                     [](const auto* a, const auto* b) { return weight_of(*a) > weight_of(*b); });
    return all;
}

}  // namespace faultline::report
