#include "findings/json_words.h"
#include "findings/parts_json.h"

namespace faultline::findings {
namespace {

Json to_json(const NodeStory& node) {
    return {{"name", node.name},
            {"kind", node.kind},
            {"owner", json_name(node.owner)},
            {"description", json_name(node.description)},
            {"output", node.output},
            {"perturbed", node.perturbed},
            {"damage", json_number(node.damage)},
            {"unbounded", node.unbounded},
            {"single_point_for", node.single_point_for},
            {"single_point_weight", json_number(node.single_point_weight)},
            {"blast_nodes", node.blast_nodes},
            {"blast_outputs", node.blast_outputs},
            {"blast_owners", node.blast_owners},
            {"depends_on_owners", node.depends_on_owners}};
}

Json to_json(const OwnerDamage& row) {
    return {{"from", json_name(row.from)},
            {"to", json_name(row.to)},
            {"damage", json_number(row.damage)},
            {"unbounded", row.unbounded},
            {"breaks", row.breaks},
            {"worst_perturbation", json_name(row.worst_perturbation)},
            {"worst_metric", json_name(row.worst_metric)},
            {"trials", row.trials},
            {"silent", row.silent}};
}

Json to_json(const OwnerBlast& row) {
    return {{"owner", json_name(row.owner)},
            {"nodes", row.nodes},
            {"blast_nodes", row.blast_nodes},
            {"blast_outputs", row.blast_outputs},
            {"blast_owners", row.blast_owners}};
}

Json to_json(const Resilience& resilience) {
    return {{"score", json_number(resilience.score)},  {"low", json_number(resilience.low)},
            {"high", json_number(resilience.high)},    {"pairs", resilience.pairs},
            {"tested_pairs", resilience.tested_pairs}, {"silent_pairs", resilience.silent_pairs},
            {"text", json_name(resilience.text)},      {"untested", resilience.untested},
            {"unmeasured", resilience.unmeasured}};
}

}  // namespace

Json to_json(const Structure& structure) {
    Json nodes = Json::array(), owners = Json::array(), blast = Json::array();
    for (const auto& node : structure.nodes) nodes.push_back(to_json(node));
    for (const auto& row : structure.owners) owners.push_back(to_json(row));
    for (const auto& row : structure.owner_blast) blast.push_back(to_json(row));
    Json edges = Json::array();
    for (const auto& [from, to] : structure.edges) edges.push_back({from, to});
    return {{"nodes", std::move(nodes)},
            {"edges", std::move(edges)},
            {"single_points", structure.single_points},
            {"owners", std::move(owners)},
            {"owner_blast", std::move(blast)},
            {"resilience", to_json(structure.resilience)}};
}

}  // namespace faultline::findings
