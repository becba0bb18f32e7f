#include "report/html/sections.h"
#include "report/numbers.h"
#include "report/phrases.h"

namespace faultline::report::html {
namespace {

std::string kind_of(const findings::NodeStory& node) {
    return (node.kind == "sql" ? "step" : node.kind) + (node.output ? ", output" : "");
}

}  // namespace

Markup map_section(const findings::Result& result) {
    const auto& nodes = result.structure.nodes;
    if (nodes.empty()) return {};
    Rows table("nodes", "Every node of the pipeline",
               {"Node", "Kind", "Owner", "#Own damage", "#Nodes below", "#Outputs below",
                "Alone can break", "Teams below"});
    for (const auto& node : nodes)
        table.add({code(node.name), Markup(kind_of(node)), name(node.owner),
                   node.perturbed ? damage_cell(node.damage, node.unbounded) : Markup("not tried"),
                   Markup(count(node.blast_nodes)), Markup(count(node.blast_outputs)),
                   Markup(listed(node.single_point_for)), Markup(listed(node.blast_owners))});
    Markup text = tag("div", {{"id", "map-view"}, {"class", "scripted"}}, "") +
                  tag("details", tag("summary", "The same as a table") + table.markup());
    if (!result.structure.resilience.text.empty())
        text += tag("p", Markup(result.structure.resilience.text));
    const auto& singles = result.structure.single_points;
    if (!singles.empty())
        text += tag(
            "p",
            Markup("Single points of failure, the weightiest first: " + listed(singles, 8) + "."));
    if (!result.structure.resilience.unmeasured.empty())
        text += tag("p", Markup("Outputs that no metric looks at: " +
                                listed(result.structure.resilience.unmeasured, 12) + "."));
    if (!result.structure.resilience.untested.empty())
        text += tag("p", Markup("Never put under fault, and counted against the score: " +
                                listed(result.structure.resilience.untested, 12) + "."));
    return section(
        "map", "Where trouble starts and where it goes",
        "Each box is a node, data flows from left to right. The number is the damage that "
        "the node's own trouble does: 1 is just what is tolerated. Choose a node for its "
        "story.",
        text);
}

}  // namespace faultline::report::html
