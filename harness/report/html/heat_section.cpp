#include <algorithm>

#include "report/html/heat_map.h"
#include "report/html/sections.h"
#include "report/numbers.h"

namespace faultline::report::html {
namespace {

constexpr std::size_t most_rows = 60;

/// The worst over the segments of a metric: what stands in the table without a script.
HeatCell worst_of(const HeatMap& map, const HeatMap::Row& row, std::size_t metric) {
    HeatCell worst;
    for (const auto& cell : row.cells) {
        if (map.series[cell.series].metric != metric) continue;
        if (cell.mark != ' ' && worst.mark != 'u') worst.mark = cell.mark;
        if (cell.value.value_or(-1) > worst.value.value_or(-1)) worst.value = cell.value;
    }
    return worst;
}

Markup heat_cell(const HeatCell& cell, bool variance) {
    const double scale = variance ? 10 : 1;  // a share of 1 is as dark as a damage of 10
    std::string text = cell.value ? number(*cell.value) : cell.mark == 'u' ? "∞" : "";
    if (cell.mark == 'l') text += text.empty() ? "lost" : " lost";
    if (cell.mark == 'n') text += text.empty() ? "new" : " new";
    const auto scaled = cell.value ? std::optional(*cell.value * scale) : std::nullopt;
    const int level = std::max(level_of(scaled, cell.mark == 'u'), cell.mark == ' ' ? 0 : 3);
    return tag("span", {{"class", "level l" + std::to_string(level)}},
               Markup(text.empty() ? "·" : text));
}

}  // namespace

Markup heat_section(const findings::Result& result) {
    const HeatMap map = heat_map(result);
    if (map.rows.empty()) return {};
    std::vector<std::string> headings{"Node"};
    for (const auto& metric : map.metrics) headings.push_back("#" + metric);
    Rows table("heat-rows",
               map.variance ? "Share of each number's variance, its worst segment"
                            : "Damage to each number, its worst segment",
               headings);
    for (std::size_t r = 0; r < std::min(map.rows.size(), most_rows); ++r) {
        std::vector<Markup> cells{code(map.rows[r].node)};
        for (std::size_t m = 0; m < map.metrics.size(); ++m)
            cells.push_back(heat_cell(worst_of(map, map.rows[r], m), map.variance));
        table.add(cells);
    }
    Markup text = tag("div", {{"id", "heat-view"}}, table.markup());
    if (map.rows.size() > most_rows)
        text += tag("p", Markup("The first " + count(most_rows) + " of " +
                                count(map.rows.size(), "node") + "; result.json has all."));
    return section("heat", "Whose trouble moves which number",
                   map.variance
                       ? "What share of a number's variance a node accounts for, when everything "
                         "varies over its severities."
                       : "Damage by node and number: above 1 it left its tolerance.",
                   text);
}

}  // namespace faultline::report::html
