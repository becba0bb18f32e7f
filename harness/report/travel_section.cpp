#include <algorithm>

#include "report/numbers.h"
#include "report/phrases.h"
#include "report/sections.h"

namespace faultline::report {
namespace {

const findings::Station* station_at(const findings::Travel& travel, const std::string& node) {
    for (const auto& station : travel.stations)
        if (station.node == node) return &station;
    return nullptr;
}

std::string list_of(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

std::string sentence(const findings::Travel& travel) {
    std::vector<std::string> clauses;
    if (!travel.absorbed_at.empty())
        clauses.push_back("absorbed at " + list_of(travel.absorbed_at));
    if (!travel.amplified_at.empty())
        if (const auto* station = station_at(travel, travel.amplified_at.front()))
            clauses.push_back("grows most at " + station->node +
                              (station->what.empty() ? "" : " (" + station->what + ")"));
    return joined(clauses);
}

}  // namespace

std::string travel_section(const Page& page) {
    std::string text;
    std::size_t said = 0;
    for (const auto& travel : page.result.travel) {
        const std::string about = sentence(travel);
        if (about.empty()) continue;
        if (++said > longest_list) continue;
        text += item(page, travel.perturbation + " on " + travel.node + ":", about);
    }
    if (said > longest_list)
        text += item(page, "", "and " + count(said - longest_list) + " more in result.json");
    return text.empty()
               ? text
               : heading(page, "On the way", "where faults end and where they grow") + text;
}

}  // namespace faultline::report
