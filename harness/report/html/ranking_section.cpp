#include <fmt/format.h>

#include "report/html/sections.h"
#include "report/numbers.h"
#include "report/outcomes.h"
#include "report/phrases.h"
#include "report/ranking_story.h"

namespace faultline::report::html {
namespace {

std::string plain(const std::optional<double>& value) {
    return value ? fmt::format("{:.6g}", *value) : std::string();
}

/// The script draws a dot with its whiskers here; without it the cell stays empty.
Markup whisker(const findings::Ranked& node) {
    return tag("span",
               {{"class", "whisker"},
                {"data-damage", node.unbounded ? "inf" : plain(node.damage)},
                {"data-low", plain(node.low)},
                {"data-high", plain(node.high)}},
               "");
}

}  // namespace

Markup ranking_section(const findings::Result& result) {
    Rows table("ranked", "Nodes by the damage of their own trouble",
               {"Node", "Owner", "#Damage", "On the axis", interval_heading(result), "What it does",
                "Trials"});
    for (const auto& node : result.ranking)
        table.add(
            {tag("a", {{"href", "#map"}, {"class", "node"}, {"data-node", node.node}},
                 code(node.node)),
             name(node.owner),
             tag("span",
                 {{"class", "level l" + std::to_string(level_of(node.damage, node.unbounded))}},
                 damage_cell(node.damage, node.unbounded)),
             whisker(node), Markup(interval_text(node)), Markup(ranking_details(result, node)),
             Markup(outcomes_text(node.outcomes))});
    if (table.empty()) return {};
    const std::string found = discoveries_text(result);
    return section("ranking", "Which node hurts most",
                   "Damage is the change of a number divided by what is tolerated of it, as a mean "
                   "over trials: above 1 it left its tolerance. The line marks 1.",
                   table.markup() + (found.empty() ? Markup() : tag("p", Markup(found + "."))));
}

}  // namespace faultline::report::html
