#include "report/html/sections.h"
#include "report/numbers.h"
#include "report/phrases.h"

namespace faultline::report::html {
namespace {

Markup way_of(const findings::Travel& travel) {
    Markup steps;
    for (const auto& station : travel.stations) {
        std::string text = station.differs == 0 ? ": as ever"
                           : station.what.empty()
                               ? ": differs in " + percent(station.differs) + " of trials"
                               : ": " + station.what;
        if (station.damage) text += ", damage " + number(*station.damage);
        steps += tag("li", code(station.node) + Markup(text));
    }
    return steps.empty() ? steps : tag("ol", {{"class", "way"}}, steps);
}

}  // namespace

Markup travel_section(const findings::Result& result) {
    Rows table("travel-rows", "Where each fault is absorbed, and where it grows",
               {"Fault", "From", "Absorbed at", "Amplified at", "Its way"});
    for (const auto& travel : result.travel) {
        const Markup way = way_of(travel);
        table.add({code(travel.perturbation), code(travel.node), Markup(listed(travel.absorbed_at)),
                   Markup(listed(travel.amplified_at)),
                   way.empty()
                       ? way
                       : tag("details",
                             tag("summary", Markup(count(travel.stations.size(), "node"))) + way)});
    }
    if (table.empty()) return {};
    return section("travel", "How trouble travels",
                   "From node to node: absorbed is where the rows no longer differ from the "
                   "unperturbed run's, amplified where the change grows the most over its inputs.",
                   table.markup());
}

}  // namespace faultline::report::html
