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

/// The worst first; `absorbed` comes last and only says something when nothing else does.
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

std::string outcomes_text(const std::map<std::string, std::uint64_t>& outcomes) {
    std::string text;
    for (const auto& word : words)
        if (const auto n = number_of(outcomes, word.name); n > 0)
            text += (text.empty() ? "" : ", ") + count(n) + " " + word.said;
    return text;
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
    Table table({{"", Table::Align::right, 0},
                 {"node", Table::Align::left, 16},
                 {"owner", Table::Align::left, 8},
                 {"damage", Table::Align::right, 0},
                 {interval_heading(page.result), Table::Align::left, 0},
                 {"worst metric", Table::Align::left, 16},
                 {"by", Table::Align::left, 8},
                 {"trials", Table::Align::left, 16}});
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
                   {outcomes_text(node.outcomes), Hue::plain}});
    }
    return heading(page, "Nodes by damage",
                   "the change in tolerances: above 1 a metric left its tolerance") +
           table.text(page.paint, page.style.width);
}

}  // namespace faultline::report
