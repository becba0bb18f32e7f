#include <algorithm>
#include <cmath>
#include <limits>

#include "report/display_text.h"
#include "report/numbers.h"
#include "report/sections.h"

namespace faultline::report {
namespace {

/// What became of the metric: by how much it moved, or from what to what where a share says
/// nothing.
std::string movement(const findings::Silent& silent) {
    const std::string metric = metric_name(silent.metric, silent.segment);
    if (!silent.value) return "makes " + metric + " vanish";
    if (!silent.base) return "makes " + metric + " appear, at " + number(*silent.value);
    const std::string ends = number(*silent.base) + " → " + number(*silent.value);
    if (*silent.base == 0) return "moves " + metric + " (" + ends + ")";
    const double share = (*silent.value - *silent.base) / std::abs(*silent.base);
    return "moves " + metric + " by " + change(share) + " (" + ends + ")";
}

std::string sentence(const findings::Silent& silent) {
    std::string text = silent.perturbation + " on " + silent.node + " " + movement(silent);
    if (silent.damage)
        text +=
            ", " + number(*silent.damage) + (*silent.damage == 1 ? " tolerance" : " tolerances");
    text += ", and no check fires; " + count(silent.trials, "trial");
    return text + ", replay " + std::to_string(silent.worst_trial);
}

}  // namespace

std::vector<const findings::Silent*> silent_worst_first(const findings::Result& result) {
    std::vector<const findings::Silent*> all;
    for (const auto& silent : result.silent) all.push_back(&silent);
    const auto infinity = std::numeric_limits<double>::infinity();
    std::stable_sort(all.begin(), all.end(), [&](const auto* a, const auto* b) {
        return a->damage.value_or(infinity) > b->damage.value_or(infinity);
    });
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
