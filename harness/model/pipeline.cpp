#include "model/pipeline.h"

#include <fmt/format.h>

#include "model/document.h"
#include "model/names.h"
#include "model/read_node.h"
#include "model/rules.h"
#include "model/utf8.h"

namespace faultline::model {
namespace {

/// Owners and node names are gathered first: what refers to them may stand before them.
bool read_owners(const Place& place, std::map<std::string, std::string>& owners) {
    if (!place.value().is_object()) return place.refuse("an object of owners and their contacts");
    place.each_member([&](const std::string& owner, const Place& member) {
        if (owner.empty()) member.report("an owner without a name", "the name of an owner");
        filled_text(member, owners[owner]);
    });
    return true;
}

bool index_nodes(const Place& place, NameIndex& index) {
    if (!place.value().is_object()) return place.refuse("an object of nodes by name");
    if (place.value().empty()) return place.report("no nodes", "at least one node");
    place.each_member([&](const std::string& name, const Place& member) {
        if (const auto first = index.add(name))
            member.report(
                fmt::format("the node \"{}\" after \"{}\"", printable(name), printable(*first)),
                "names that differ by more than case");
    });
    return true;
}

void read_top(const Place& place, Pipeline& pipeline) {
    ObjectReader object(place);
    if (!object.is_object()) return;
    std::string ignored;
    object.optional("$schema", ignored, text);
    object.required("faultline", ignored, OneOf<std::string>{{{"pipeline/1", "pipeline/1"}}});
    object.required("name", pipeline.name, filled_text);
    object.optional("description", pipeline.description, text);
    object.optional("now", pipeline.now, timestamp);

    NameIndex owners(NameCase::exact);
    const bool lists_owners = object.optional("owners", pipeline.owners, read_owners);
    for (const auto& [owner, contact] : pipeline.owners) owners.add(owner);

    NameIndex nodes(NameCase::fold);
    const NodeContext context{nodes, lists_owners ? &owners : nullptr};
    if (object.required("nodes", nodes, index_nodes)) {
        place.member("nodes").each_member([&](const std::string& name, const Place& member) {
            Node node;
            read_node(member, name, context, node);
            pipeline.nodes.push_back(std::move(node));
        });
        object.required("outputs", pipeline.outputs,
                        names_of(KnownName{nodes, "a node"}, NameCase::fold));
    } else {
        // Without nodes every output would dangle, which would bury the one thing to mend.
        object.required("outputs", pipeline.outputs, names_of(text, NameCase::fold));
    }
    object.close();
}

}  // namespace

std::optional<std::size_t> Pipeline::find(const std::string& node) const {
    for (std::size_t i = 0; i < nodes.size(); ++i)
        if (same_folded(nodes[i].name, node)) return i;
    return std::nullopt;
}

std::vector<std::string> Pipeline::node_names() const {
    std::vector<std::string> names;
    for (const Node& node : nodes) names.push_back(node.name);
    return names;
}

Pipeline parse_pipeline(const std::string& text, const std::filesystem::path& file) {
    Problems problems(file.string());
    Pipeline pipeline;
    pipeline.file = file;
    pipeline.folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    pipeline.document = parse_document(text, problems);
    read_top(Place(pipeline.document, "", problems), pipeline);
    problems.throw_if_any();
    return pipeline;
}

Pipeline read_pipeline(const std::filesystem::path& file) {
    return parse_pipeline(read_document(file), file);
}

}  // namespace faultline::model
