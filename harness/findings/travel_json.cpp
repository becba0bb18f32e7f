#include "findings/json_words.h"
#include "findings/parts_json.h"

namespace faultline::findings {
namespace {

Json to_json(const Station& station) {
    return {{"node", station.node},
            {"distance", station.distance},
            {"change", json_number(station.change)},
            {"what", json_name(station.what)},
            {"differs", json_number(station.differs)},
            {"damage", json_number(station.damage)}};
}

}  // namespace

Json to_json(const Travel& row) {
    Json stations = Json::array();
    for (const auto& station : row.stations) stations.push_back(to_json(station));
    return {{"perturbation", row.perturbation},
            {"node", row.node},
            {"stations", std::move(stations)},
            {"absorbed_at", row.absorbed_at},
            {"amplified_at", row.amplified_at}};
}

Json to_json(const EdgeDamage& row) {
    return {{"from", row.from},
            {"to", row.to},
            {"change", json_number(row.change)},
            {"worst_perturbation", json_name(row.worst_perturbation)}};
}

}  // namespace faultline::findings
