#include <algorithm>
#include <cmath>

#include "report/html/sections.h"
#include "report/numbers.h"
#include "report/phrases.h"

namespace faultline::report::html {
namespace {

constexpr std::size_t most_shares = 200;

bool tells_shares(const findings::Attribution& row) {
    for (const char* index : {"effect", "damage", "crash_rate", "lost_rate", "new_rate"})
        if (row.index == index) return false;
    return row.estimate.value_or(0) != 0;
}

std::string who(const findings::Attribution& row) {
    return row.group ? *row.group : row.perturbation ? *row.perturbation : row.node;
}

Markup shares_of(const findings::Result& result) {
    std::vector<const findings::Attribution*> rows;
    for (const auto& row : result.attribution)
        if (tells_shares(row)) rows.push_back(&row);
    // Shares are comparable with each other, so the largest come first; other units follow.
    std::stable_sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) {
        const auto key = [](const auto* row) {
            return std::pair(row->unit == "share of variance", std::abs(*row->estimate));
        };
        return key(a) > key(b);
    });
    Rows table("share-rows", "Sensitivity indices",
               {"Factor", "With", "Number", "Index", "#Estimate", "Interval", "Unit"});
    for (std::size_t i = 0; i < std::min(rows.size(), most_shares); ++i) {
        const auto& row = *rows[i];
        table.add({code(who(row)), row.with ? code(*row.with) : Markup(),
                   Markup(metric_name(row.metric, row.segment)), Markup(row.index),
                   Markup(number(*row.estimate)), Markup(interval(row.low, row.high)),
                   Markup(row.unit + (row.conditional ? ", of the trials that survived" : ""))});
    }
    if (table.empty()) return {};
    Markup text = table.markup();
    if (rows.size() > most_shares)
        text += tag("p", Markup("The first " + count(most_shares) + " of " + count(rows.size()) +
                                "; result.json has all."));
    return text;
}

Markup company_of(const findings::Result& result) {
    Rows table("pair-rows", "Pairs of faults that do more, or less, together",
               {"Fault", "With", "Number", "#Alone", "#The other alone", "#Together", "#Beyond"});
    for (const auto& pair : result.interactions)
        table.add({code(pair.perturbation), code(pair.with),
                   Markup(metric_name(pair.metric, pair.segment)), Markup(number(pair.alone)),
                   Markup(number(pair.with_alone)), Markup(number(pair.together)),
                   Markup(number(pair.beyond))});
    return table.empty() ? Markup() : table.markup();
}

}  // namespace

Markup attribution_section(const findings::Result& result) {
    return section("shares", "Together and apart",
                   "What each factor accounts for when all of them vary, and pairs whose effect is "
                   "not the sum of the two; in tolerances, signed.",
                   company_of(result) + shares_of(result));
}

}  // namespace faultline::report::html
