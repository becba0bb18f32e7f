#include <vector>

#include "report/outcomes.h"
#include "report/ranking_story.h"
#include "report/sections.h"
#include "report/table.h"

namespace faultline::report {
namespace {

Hue hue_of(const findings::Ranked& node) {
    if (number_of(node.outcomes, "silent") > 0) return Hue::red;
    if (broken(node.outcomes) > 0) return Hue::yellow;
    return node.unbounded || node.damage.value_or(0) > 1 ? Hue::yellow : Hue::plain;
}

}  // namespace

std::string ranking_section(const Page& page) {
    const auto& ranking = page.result.ranking;
    if (ranking.empty()) return {};
    using Align = Table::Align;
    const std::vector<Table::Column> columns{{"", Align::right},
                                             {"node", Align::left, 16},
                                             {"owner", Align::left, 10},
                                             {"damage", Align::right},
                                             {interval_heading(page.result), Align::left}};
    auto with_trials = columns;
    with_trials.push_back({"trials", Align::left});
    Table wide(with_trials), narrow(columns);
    for (std::size_t i = 0; i < ranking.size(); ++i) {
        const auto& node = ranking[i];
        const std::vector<Cell> cells{{std::to_string(i + 1), Hue::faint},
                                      {node.node, hue_of(node)},
                                      {node.owner, Hue::plain},
                                      {damage_text(node), hue_of(node)},
                                      {interval_text(node), Hue::faint}};
        const std::string trials = outcomes_text(node.outcomes);
        const std::string below = ranking_details(page.result, node);
        auto with = cells;
        with.push_back({trials, Hue::plain});
        wide.add(with, {below});
        narrow.add(cells, {below, trials.empty() ? "" : "trials: " + trials});
    }
    const Table& table = wide.fits(page.style.width) ? wide : narrow;
    const std::string found = discoveries_text(page.result);
    return heading(page, "Nodes by damage",
                   "mean change in tolerances: above 1 a metric left its tolerance") +
           table.text(page.paint, page.style.width) +
           (found.empty() ? "" : item(page, "  ", found));
}

}  // namespace faultline::report
