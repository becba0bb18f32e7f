#include <algorithm>

#include "report/html/sections.h"
#include "report/numbers.h"
#include "report/phrases.h"

namespace faultline::report::html {
namespace {

std::string team(const std::string& owner) {
    return owner.empty() ? "no owner" : owner;
}

void note(std::vector<std::string>& names, const std::string& owner) {
    if (std::find(names.begin(), names.end(), owner) == names.end()) names.push_back(owner);
}

Markup cell_of(const findings::OwnerDamage& pair) {
    if (!pair.damage && !pair.unbounded && !pair.breaks) return "–";
    const std::string why = pair.worst_perturbation + ": " + pair.worst_metric;
    Markup text = tag("span",
                      {{"class", "level l" + std::to_string(level_of(pair.damage, pair.unbounded))},
                       {"title", why}},
                      damage_cell(pair.damage, pair.unbounded));
    if (pair.breaks) text += tag("small", " breaks");
    if (pair.silent > 0)
        text += tag("small",
                    Markup(" " + count(pair.silent) + " of " + count(pair.trials) + " silent"));
    return text;
}

Markup reach_of(const findings::Structure& structure) {
    Rows table("team-rows", "How far each team's trouble can go",
               {"Team", "#Own nodes", "#Others' nodes below", "#Outputs below", "Teams below"});
    for (const auto& blast : structure.owner_blast)
        table.add({name(team(blast.owner)), Markup(count(blast.nodes)),
                   Markup(count(blast.blast_nodes)), Markup(count(blast.blast_outputs)),
                   Markup(listed(blast.blast_owners, 8))});
    return table.empty()
               ? Markup()
               : tag("details", tag("summary", "Blast radius of each team") + table.markup());
}

}  // namespace

Markup owners_section(const findings::Result& result) {
    const auto& owners = result.structure.owners;
    if (owners.empty()) return {};
    std::vector<std::string> from, to;
    for (const auto& pair : owners) {
        note(from, pair.from);
        note(to, pair.to);
    }
    std::vector<std::string> headings{"Trouble of ↓ at outputs of →"};
    for (const auto& owner : to) headings.push_back("#" + team(owner));
    Rows table("owner-rows", "The worst damage from one team's faults to another's outputs",
               headings);
    for (const auto& row : from) {
        std::vector<Markup> cells{name(team(row))};
        for (const auto& column : to) {
            const auto found = std::find_if(owners.begin(), owners.end(), [&](const auto& pair) {
                return pair.from == row && pair.to == column;
            });
            cells.push_back(found == owners.end() ? Markup("–") : cell_of(*found));
        }
        table.add(cells);
    }
    return section("owners", "Their trouble, our outputs",
                   "The worst damage that faults in one team's nodes do to the numbers of another "
                   "team's outputs, and how many of those trials no check noticed.",
                   table.markup() + reach_of(result.structure));
}

}  // namespace faultline::report::html
