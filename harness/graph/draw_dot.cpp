#include <fmt/format.h>

#include "graph/dag.h"
#include "graph/dot_text.h"
#include "graph/kind_name.h"
#include "graph/palette.h"

namespace faultline::graph {
namespace {

constexpr const char* fold = "#333333";  // lines of ordinary nodes
constexpr const char* alarm =
    "#a50026";                      // lines of single points of failure; also thicker, for print
constexpr std::size_t large = 400;  // nodes beyond which Graphviz must hurry

const char* shape_of(model::NodeKind kind) {
    switch (kind) {
        case model::NodeKind::source:
            return "cylinder";
        case model::NodeKind::sql:
            return "box";
        case model::NodeKind::command:
            return "component";
    }
    return "box";
}

/// Thick and red: alone it can break an output. Doubled: it is an output.
std::string border(bool alone, bool output) {
    return fmt::format("color=\"{}\", penwidth={}, peripheries={}", alone ? alarm : fold,
                       alone ? 2.6 : 1.0, output ? 2 : 1);
}

std::string tooltip(const model::Pipeline& pipeline, const model::Node& node,
                    const std::vector<std::size_t>& breaks) {
    std::string text = label_text(node.name) + " (" + name_of(node.kind) + ")";
    if (!node.description.empty()) text += "\\n" + label_text(node.description);
    if (!breaks.empty()) {
        text += "\\nsingle point of failure for ";
        for (std::size_t i = 0; i < breaks.size(); ++i)
            text += (i == 0 ? "" : ", ") + label_text(pipeline.outputs[breaks[i]]);
    }
    return text;
}

std::string node_line(std::size_t index, const model::Pipeline& pipeline, const Palette& palette,
                      const std::vector<std::size_t>& breaks, bool output) {
    const model::Node& node = pipeline.nodes[index];
    std::string label = label_text(node.name);
    if (!node.owner.empty()) label += "\\n" + label_text(node.owner);
    return fmt::format("  n{} [label=\"{}\", tooltip=\"{}\", shape={}, fillcolor=\"{}\", {}];\n",
                       index, label, tooltip(pipeline, node, breaks), shape_of(node.kind),
                       palette.colour_of(node.owner), border(!breaks.empty(), output));
}

/// One row of the legend: entries chained by invisible edges, for else dot would stack all of them
/// in one tall column at the left.
std::string legend_row(const std::string& prefix, const std::vector<std::string>& entries) {
    std::string text;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        text += fmt::format("    {}{} [{}];\n", prefix, i, entries[i]);
        if (i > 0) text += fmt::format("    {0}{1} -> {0}{2} [style=invis];\n", prefix, i - 1, i);
    }
    return text;
}

std::string legend_entry(const std::string& label, const char* shape, const std::string& fill,
                         const std::string& lines) {
    return fmt::format("label=\"{}\", shape={}, fillcolor=\"{}\", {}", label, shape, fill, lines);
}

/// What the shapes and lines mean, and below it who owns which colour.
std::string legend(const Palette& palette, const std::vector<bool>& kinds, bool any_alone) {
    std::vector<std::string> shapes, owners;
    for (const auto kind :
         {model::NodeKind::source, model::NodeKind::sql, model::NodeKind::command})
        if (kinds[static_cast<std::size_t>(kind)])
            shapes.push_back(legend_entry(kind == model::NodeKind::sql ? "SQL step" : name_of(kind),
                                          shape_of(kind), "#ffffff", border(false, false)));
    shapes.push_back(legend_entry("output", "box", "#ffffff", border(false, true)));
    if (any_alone)
        shapes.push_back(
            legend_entry("single point\\nof failure", "box", "#ffffff", border(true, false)));
    for (const auto& owner : palette.owners())
        owners.push_back(legend_entry(label_text(owner), "box", palette.colour_of(owner),
                                      "color=\"#ffffff00\""));
    return "  subgraph cluster_legend {\n"
           "    label=\"legend\"; fontsize=10; fontcolor=\"#555555\"; color=\"#cccccc\"; "
           "style=\"rounded\";\n"
           "    node [fontsize=9, height=0.25, margin=\"0.08,0.03\"];\n" +
           legend_row("kind", shapes) + legend_row("owner", owners) + "  }\n";
}

std::string preamble(const model::Pipeline& pipeline) {
    std::string text = "digraph pipeline {\n";
    text += fmt::format(
        "  graph [rankdir=LR, bgcolor=\"#ffffff\", fontname=\"Helvetica,Arial,sans-serif\", "
        "fontsize=14,\n"
        "         label=\"{0}\", tooltip=\"{0}\", labelloc=t, nodesep=0.28, ranksep=0.55, "
        "pad=0.2];\n",
        label_text(pipeline.name));
    // dot's crossing reduction grows faster than the graph; a big one is drawn roughly, but is
    // drawn.
    if (pipeline.nodes.size() > large)
        text += "  graph [nslimit=0.5, mclimit=0.1, splines=line];\n";
    text +=
        "  node [style=\"filled,rounded\", fontname=\"Helvetica,Arial,sans-serif\", fontsize=11, "
        "fontcolor=\"#111111\",\n        margin=\"0.14,0.07\", height=0.4];\n"
        "  edge [color=\"#666666\", arrowsize=0.7];\n";
    return text;
}

}  // namespace

std::string to_dot(const model::Pipeline& pipeline, const Dag& dag) {
    const Palette palette(pipeline);
    const auto breaks = single_points_of_failure(pipeline, dag);
    const std::vector<bool> output = outputs_of(pipeline);
    std::string text = preamble(pipeline);
    std::vector<bool> kinds(3, false);
    bool any_alone = false;
    for (NodeIndex i = 0; i < dag.size(); ++i) {
        text += node_line(i, pipeline, palette, breaks[i], output[i]);
        kinds[static_cast<std::size_t>(pipeline.nodes[i].kind)] = true;
        any_alone = any_alone || !breaks[i].empty();
    }
    for (NodeIndex i = 0; i < dag.size(); ++i)
        for (const NodeIndex input : dag.inputs(i))
            text += fmt::format("  n{} -> n{};\n", input, i);
    return text + legend(palette, kinds, any_alone) + "}\n";
}

}  // namespace faultline::graph
