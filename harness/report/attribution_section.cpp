#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "report/display_text.h"
#include "report/numbers.h"
#include "report/sections.h"
#include "report/table.h"

namespace faultline::report {
namespace {

using findings::Attribution;

/// The series with most to explain are shown; the rest is in result.json.
constexpr std::size_t most_series = 3;

/// Indices of a player in the order of their columns, and what each is called.
struct Column {
    const char* index;
    const char* heading;
};
constexpr Column index_columns[] = {{"shapley", "Shapley effect"}, {"S1", "alone (S1)"},
                                    {"ST", "in all (ST)"},         {"mu_star", "mean |effect|"},
                                    {"sigma", "spread of it"},     {"effect", "effect"}};

std::string player_of(const Attribution& row) {
    return row.perturbation ? *row.perturbation : row.group.value_or(row.node);
}

/// One series: its rows by player, and by pair.
struct Explained {
    std::string name;
    double damage = -1;
    std::map<std::string, std::map<std::string, const Attribution*>> players;
    std::vector<const Attribution*> pairs;
};

/// Estimates of designs that vary everything at once belong to no one severity.
bool is_sampled(const Attribution& row) {
    return !row.severity && !row.metric.empty();
}

std::vector<Explained> explained_of(const findings::Result& result) {
    std::vector<Explained> all;
    std::map<std::string, std::size_t> place;
    for (const auto& row : result.attribution) {
        if (!is_sampled(row)) continue;
        const std::string name = metric_name(row.metric, row.segment);
        const auto [at, added] = place.emplace(name, all.size());
        if (added) all.push_back({name, -1, {}, {}});
        Explained& series = all[at->second];
        if (row.with)
            series.pairs.push_back(&row);
        else if (row.index == "damage")
            series.damage = std::max(series.damage, row.estimate.value_or(0));
        else
            series.players[player_of(row)][row.index] = &row;
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.damage > b.damage; });
    return all;
}

/// What players are sorted by: the most telling index that there is.
double weight(const std::map<std::string, const Attribution*>& indices) {
    for (const char* index : {"ST", "shapley", "mu_star", "effect"})
        if (const auto found = indices.find(index); found != indices.end())
            return std::abs(found->second->estimate.value_or(0));
    return 0;
}

std::string estimate_text(const Attribution& row) {
    if (!row.estimate) return "unknown";
    std::string text = number(*row.estimate);
    if (!row.low || !row.high || *row.low != *row.high) text += " " + interval(row.low, row.high);
    return text + (row.conditional ? " *" : "");
}

std::string table_of(const Page& page, const Explained& series) {
    std::vector<Column> shown;
    for (const auto& column : index_columns)
        if (std::any_of(series.players.begin(), series.players.end(),
                        [&](const auto& player) { return player.second.contains(column.index); }))
            shown.push_back(column);
    using Align = Table::Align;
    std::vector<Table::Column> headings{{"", Align::left, 20}};
    for (const auto& column : shown) headings.push_back({column.heading, Align::left});
    Table table(headings);
    std::vector<std::pair<std::string, const std::map<std::string, const Attribution*>*>> order;
    for (const auto& [player, indices] : series.players) order.emplace_back(player, &indices);
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
        return weight(*a.second) > weight(*b.second);
    });
    std::size_t unmoved = 0, rows = 0;
    for (const auto& [player, indices] : order) {
        const bool nothing = std::all_of(indices->begin(), indices->end(), [](const auto& index) {
            return index.second->estimate == 0.0 && index.second->high == 0.0;
        });
        if (nothing || rows >= longest_list) {
            ++unmoved;
            continue;
        }
        ++rows;
        std::vector<Cell> cells{{player, Hue::plain}};
        for (const auto& column : shown) {
            const auto found = indices->find(column.index);
            cells.push_back(
                {found == indices->end() ? "" : estimate_text(*found->second), Hue::plain});
        }
        table.add(cells);
    }
    std::string text = item(page, "  ", series.name) + table.text(page.paint, page.style.width);
    if (unmoved > 0)
        text += item(page, "    ",
                     count(unmoved, "other") + (unmoved == 1 ? " moves" : " move") +
                         " it less, or not at all");
    return text;
}

/// "x1 with x3: 0.24 (0.2 to 0.28)": pairs whose interval leaves 0 out, the largest first.
std::string pairs_of(const Page& page, const Explained& series) {
    std::vector<const Attribution*> sure;
    for (const auto* row : series.pairs)
        if (row->estimate && row->low && row->high && (*row->low > 0 || *row->high < 0))
            sure.push_back(row);
    std::stable_sort(sure.begin(), sure.end(), [](const auto* a, const auto* b) {
        return std::abs(*a->estimate) > std::abs(*b->estimate);
    });
    std::string text;
    for (std::size_t i = 0; i < std::min<std::size_t>(sure.size(), 5); ++i)
        text += item(page, "    ",
                     player_of(*sure[i]) + " with " + *sure[i]->with + ": together " +
                         estimate_text(*sure[i]) +
                         (sure[i]->index == "S2" ? " of the variance, beyond each alone"
                                                 : " beyond the sum of their effects"));
    return text;
}

}  // namespace

std::string attribution_section(const Page& page) {
    const auto all = explained_of(page.result);
    if (all.empty()) return {};
    const bool variance =
        std::any_of(page.result.attribution.begin(), page.result.attribution.end(),
                    [](const auto& row) { return row.unit == "share of variance"; });
    std::string text = heading(
        page, variance ? "Where the variance comes from" : "What each factor does",
        variance ? "shares of the variance of a metric when every factor varies over its severities"
                 : "change of a metric from severity 0 to 1, in its own unit");
    for (std::size_t i = 0; i < std::min(all.size(), most_series); ++i)
        text += table_of(page, all[i]) + pairs_of(page, all[i]);
    if (all.size() > most_series)
        text +=
            item(page, "  ", "and " + count(all.size() - most_series, "other") + " in result.json");
    return text;
}

}  // namespace faultline::report
