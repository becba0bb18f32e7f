#include <algorithm>
#include <cmath>

#include "report/numbers.h"
#include "report/sections.h"

namespace faultline::report {
namespace {

using findings::Interaction;

/// Below this a fault is said to do nothing by itself.
constexpr double hardly = 0.2;

std::string tolerances(double value) {
    return number(std::abs(value));
}

/// The plainest true sentence about a pair: one needs the other, they cancel, or how far together
/// differs from the sum.
std::string sentence(const Interaction& pair) {
    const std::string metric = metric_name(pair.metric, pair.segment);
    const double a = std::abs(pair.alone), b = std::abs(pair.with_alone),
                 both = std::abs(pair.together);
    const std::string numbers = " (alone " + tolerances(a) + " and " + tolerances(b) +
                                " tolerances, together " + tolerances(both) + ")";
    if (a < hardly && b < hardly && both >= 1)
        return pair.perturbation + " and " + pair.with + " hurt " + metric + " only together" +
               numbers;
    if (a < hardly && both > b)
        return pair.perturbation + " hurts " + metric + " only when there is " + pair.with +
               numbers;
    if (b < hardly && both > a)
        return pair.with + " hurts " + metric + " only when there is " + pair.perturbation +
               numbers;
    if (both < std::max(a, b) / 2 && pair.alone * pair.with_alone < 0)
        return pair.perturbation + " and " + pair.with + " cancel each other in " + metric +
               numbers;
    return pair.perturbation + " and " + pair.with + " move " + metric +
           (both > a + b ? " more than the sum of both" : " less than the sum of both") + numbers;
}

}  // namespace

std::string interactions_section(const Page& page) {
    const auto& all = page.result.interactions;
    if (all.empty()) return {};
    std::string text =
        heading(page, "In company", "what two faults do beyond the sum of each alone");
    for (std::size_t i = 0; i < std::min(all.size(), longest_list / 2); ++i)
        text += item(page, "  ·", sentence(all[i]));
    if (all.size() > longest_list / 2)
        text +=
            item(page, "",
                 "and " + count(all.size() - longest_list / 2, "pair") + " more in result.json");
    return text;
}

}  // namespace faultline::report
