#include "findings/describe_structure.h"

#include <algorithm>
#include <map>
#include <set>

#include "findings/resilience.h"
#include "graph/dag.h"
#include "graph/kind_name.h"

namespace faultline::findings {
namespace {

/// Beyond this a number is simply wrong, and how wrong makes no difference to how urgent it is.
constexpr double most_weight = 100;

std::set<std::size_t> outputs_of(const model::Pipeline& pipeline) {
    std::set<std::size_t> outputs;
    for (const auto& name : pipeline.outputs)
        if (const auto node = pipeline.find(name)) outputs.insert(*node);
    return outputs;
}

/// Other owners among some nodes, in the pipeline's order.
std::vector<std::string> other_owners(const model::Pipeline& pipeline,
                                      const std::vector<bool>& among, const std::string& own) {
    std::vector<std::string> owners;
    for (std::size_t n = 0; n < among.size(); ++n) {
        const auto& owner = pipeline.nodes[n].owner;
        if (among[n] && !owner.empty() && owner != own &&
            std::find(owners.begin(), owners.end(), owner) == owners.end())
            owners.push_back(owner);
    }
    return owners;
}

std::vector<OwnerBlast> owner_blasts(const Evidence& evidence,
                                     const std::set<std::size_t>& outputs) {
    const auto& nodes = evidence.pipeline.nodes;
    std::vector<OwnerBlast> blasts;
    for (const auto& node : nodes)
        if (std::none_of(blasts.begin(), blasts.end(),
                         [&](const auto& blast) { return blast.owner == node.owner; }))
            blasts.push_back({node.owner, 0, 0, 0, {}});
    for (auto& blast : blasts) {
        std::vector<bool> below(nodes.size(), false);
        for (std::size_t n = 0; n < nodes.size(); ++n) {
            if (nodes[n].owner != blast.owner) continue;
            ++blast.nodes;
            const auto mine = evidence.dag.descendants(n);
            for (std::size_t d = 0; d < mine.size(); ++d)
                below[d] = below[d] || (mine[d] && nodes[d].owner != blast.owner);
        }
        for (std::size_t d = 0; d < below.size(); ++d) {
            blast.blast_nodes += below[d];
            blast.blast_outputs += below[d] && outputs.contains(d);
        }
        blast.blast_owners = other_owners(evidence.pipeline, below, blast.owner);
    }
    return blasts;
}

/// The weightiest first; those not perturbed last, by the number of outputs.
std::vector<std::string> single_points(const std::vector<NodeStory>& nodes) {
    std::vector<const NodeStory*> points;
    for (const auto& node : nodes)
        if (!node.single_point_for.empty()) points.push_back(&node);
    std::stable_sort(points.begin(), points.end(), [](const auto* a, const auto* b) {
        return std::pair(a->single_point_weight.value_or(-1), a->single_point_for.size()) >
               std::pair(b->single_point_weight.value_or(-1), b->single_point_for.size());
    });
    std::vector<std::string> names;
    for (const auto* point : points) names.push_back(point->name);
    return names;
}

}  // namespace

Structure describe_structure(const Evidence& evidence, const std::vector<DoseEstimates>& estimates,
                             const Sampled* sampled, const std::vector<Ranked>& ranking) {
    const auto& pipeline = evidence.pipeline;
    const auto outputs = outputs_of(pipeline);
    const auto breaks = graph::single_points_of_failure(pipeline, evidence.dag);
    std::map<std::string, const Ranked*> ranked;
    for (const auto& row : ranking) ranked[row.node] = &row;

    Structure structure;
    for (std::size_t n = 0; n < pipeline.nodes.size(); ++n) {
        const auto& node = pipeline.nodes[n];
        NodeStory story;
        story.name = node.name;
        story.kind = graph::name_of(node.kind);
        story.owner = node.owner;
        story.description = node.description;
        story.output = outputs.contains(n);
        for (const std::size_t output : breaks[n])
            story.single_point_for.push_back(
                pipeline.nodes[*pipeline.find(pipeline.outputs[output])].name);
        if (const auto row = ranked.find(node.name); row != ranked.end()) {
            story.perturbed = true;
            story.damage = row->second->damage;
            story.unbounded = row->second->unbounded;
            const bool broke = row->second->outcomes.at("crashed") > 0 ||
                               row->second->outcomes.at("timed_out") > 0;
            const double damage = story.unbounded
                                      ? most_weight
                                      : std::max(story.damage.value_or(0), broke ? 1.0 : 0.0);
            if (!story.single_point_for.empty())
                story.single_point_weight = std::min(damage, most_weight) *
                                            static_cast<double>(story.single_point_for.size());
        }
        auto below = evidence.dag.descendants(n), above = evidence.dag.ancestors(n);
        below[n] = above[n] = false;
        for (std::size_t d = 0; d < below.size(); ++d) {
            story.blast_nodes += below[d];
            story.blast_outputs += below[d] && outputs.contains(d);
        }
        story.blast_owners = other_owners(pipeline, below, node.owner);
        story.depends_on_owners = other_owners(pipeline, above, node.owner);
        structure.nodes.push_back(std::move(story));
        for (const auto input : evidence.dag.inputs(n))
            structure.edges.emplace_back(pipeline.nodes[input].name, node.name);
    }
    structure.owners = owner_matrix(evidence, estimates, sampled);
    structure.owner_blast = owner_blasts(evidence, outputs);
    structure.single_points = single_points(structure.nodes);
    structure.resilience = resilience(evidence);
    return structure;
}

}  // namespace faultline::findings
