#include <algorithm>
#include <array>
#include <vector>

#include "report/display_text.h"
#include "report/numbers.h"
#include "report/sections.h"
#include "report/table.h"

namespace faultline::report {
namespace {

struct OutcomeWord {
    const char* name;
    const char* said;
};

/// The worst first.
constexpr std::array<OutcomeWord, 7> words{{{"silent", "silent"},
                                            {"crashed", "crashed"},
                                            {"timed_out", "timed out"},
                                            {"detected", "detected"},
                                            {"false_alarm", "false alarm"},
                                            {"not_applied", "not applied"},
                                            {"absorbed", "absorbed"}}};

std::uint64_t number_of(const std::map<std::string, std::uint64_t>& outcomes, const char* name) {
    const auto found = outcomes.find(name);
    return found == outcomes.end() ? 0 : found->second;
}

/// The worst that happened, and how often: the table has no room for more, and what failed has a
/// section of its own.
std::string worst_outcome(const std::map<std::string, std::uint64_t>& outcomes) {
    std::uint64_t total = 0;
    for (const auto& [name, n] : outcomes) total += n;
    for (const auto& word : words)
        if (const auto n = number_of(outcomes, word.name); n > 0)
            return (n == total ? "all " + count(n) : count(n) + " of " + count(total)) + " " +
                   word.said;
    return {};
}

Hue hue_of(const findings::Ranked& node) {
    if (number_of(node.outcomes, "silent") > 0) return Hue::red;
    if (number_of(node.outcomes, "crashed") + number_of(node.outcomes, "timed_out") > 0)
        return Hue::yellow;
    return node.unbounded || node.damage.value_or(0) > 1 ? Hue::yellow : Hue::plain;
}

std::string damage_text(const findings::Ranked& node) {
    if (node.unbounded) return "∞";
    return node.damage ? number(*node.damage) : "–";
}

std::string interval_text(const findings::Ranked& node) {
    if (!node.damage || node.unbounded) return {};
    return node.low && node.high && *node.low == *node.high ? "exact"
                                                            : interval(node.low, node.high);
}

/// The interval's heading, from the confidence that the damages were estimated with.
std::string interval_heading(const findings::Result& result) {
    const auto any = std::find_if(result.attribution.begin(), result.attribution.end(),
                                  [](const auto& a) { return a.index == "damage"; });
    return number((any == result.attribution.end() ? 0.95 : any->confidence) * 100) + " % interval";
}

}  // namespace

std::string ranking_section(const Page& page) {
    const auto& ranking = page.result.ranking;
    if (ranking.empty()) return {};
    using Align = Table::Align;
    using Left = Table::Left;
    Table table({{"", Align::right},
                 {"node", Align::left, 12},
                 {"owner", Align::left, 6},
                 {"damage", Align::right},
                 {interval_heading(page.result), Align::left, 0, Left::after_shrinking},
                 {"worst metric", Align::left, 26},
                 {"by", Align::left, 8, Left::before_shrinking},
                 {"trials", Align::left, 15}});
    for (std::size_t i = 0; i < ranking.size(); ++i) {
        const auto& node = ranking[i];
        const bool moved = node.unbounded || node.damage.value_or(0) > 0;
        table.add({{std::to_string(i + 1), Hue::faint},
                   {node.node, hue_of(node)},
                   {node.owner, Hue::plain},
                   {damage_text(node), hue_of(node)},
                   {interval_text(node), Hue::faint},
                   {moved ? metric_name(node.worst_metric, node.worst_segment) : "", Hue::plain},
                   {moved ? node.worst_perturbation : "", Hue::faint},
                   {worst_outcome(node.outcomes), Hue::plain}});
    }
    return heading(page, "Nodes by damage",
                   "the change in tolerances: above 1 a metric left its tolerance") +
           table.text(page.paint, page.style.width);
}

}  // namespace faultline::report
