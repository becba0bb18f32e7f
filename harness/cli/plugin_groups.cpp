#include "cli/plugin_groups.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "model/names.h"

namespace faultline::cli {
namespace {

const std::vector<PluginGroup>& catalogue() {
    static const std::vector<PluginGroup> groups{
        {"values", "Values", "what single cells hold"},
        {"missing", "Missing", "what is not there, and what stands in its place"},
        {"distribution", "Distribution", "how often, how much, along time and together"},
        {"keys", "Keys", "what ties rows together"},
        {"schema", "Schema", "columns, their names and types"},
        {"batches", "Batches and time", "what comes late, twice, in part or not at all"},
        {"files", "Files", "a source's file before it is read"},
        {"process", "Process", "how a step runs"},
        {"benign twins", "Benign twins", "changes that should not matter"}};
    return groups;
}

}  // namespace

std::vector<PluginGroup> groups_of(const std::vector<const plugin::Plugin*>& plugins) {
    std::vector<PluginGroup> groups;
    const auto stated = [&](const std::string& name) {
        return std::any_of(plugins.begin(), plugins.end(),
                           [&](const auto* plugin) { return plugin->about().group == name; });
    };
    for (const auto& group : catalogue())
        if (stated(group.name)) groups.push_back(group);
    std::vector<std::string> others;
    for (const auto* plugin : plugins)
        if (const auto& name = plugin->about().group;
            std::none_of(groups.begin(), groups.end(),
                         [&](const PluginGroup& group) { return group.name == name; }))
            others.push_back(name);
    std::sort(others.begin(), others.end());
    others.erase(std::unique(others.begin(), others.end()), others.end());
    for (const auto& name : others) groups.push_back({name, name, ""});
    return groups;
}

std::string title_of(const std::string& group) {
    for (const auto& known : catalogue())
        if (known.name == group) return known.title;
    return group;
}

PluginGroup group_named(const std::string& text,
                        const std::vector<const plugin::Plugin*>& plugins) {
    const auto wanted = model::fold_case(text);
    const auto groups = groups_of(plugins);
    for (const bool whole : {true, false})
        for (const auto& group : groups)
            for (const auto& name : {group.name, model::fold_case(group.title)})
                if (whole ? model::fold_case(name) == wanted
                          : !wanted.empty() && model::fold_case(name).starts_with(wanted))
                    return group;
    std::vector<std::string> names;
    std::string all;
    for (const auto& group : groups) {
        names.push_back(group.name);
        all += (all.empty() ? "" : ", ") + group.name;
    }
    const auto nearest = nearest_name(text, names);
    throw Error(ErrorKind::user,
                fmt::format("there is no group \"{}\" of plugins: there are {}{}", text, all,
                            nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest)));
}

}  // namespace faultline::cli
