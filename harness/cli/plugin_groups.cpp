#include "cli/plugin_groups.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "model/names.h"

namespace faultline::cli {
namespace {

using plugin::Json;

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

bool has(const std::string& text, const std::string& folded_word) {
    return model::fold_case(text).find(folded_word) != std::string::npos;
}

std::string title_of(const std::string& group) {
    for (const auto& known : catalogue())
        if (known.name == group) return known.title;
    return group;
}

/// What the search finds in the parameters: their names, what is said of them, their values.
std::string parameter_with(const plugin::Description& about, const std::string& word) {
    const auto properties = about.params.value("properties", Json::object());
    for (const auto& [name, schema] : properties.items()) {
        if (has(name, word) || has(schema.value("description", ""), word)) return name;
        for (const auto& value : schema.value("enum", Json::array()))
            if (value.is_string() && has(value.get<std::string>(), word)) return name;
    }
    return {};
}

/// Everything that a misspelt word may have been meant as.
std::vector<std::string> words_of(const std::vector<const plugin::Plugin*>& plugins) {
    std::vector<std::string> words;
    for (const auto* plugin : plugins) {
        words.push_back(plugin->about().name);
        words.push_back(plugin->about().group);
        const auto properties = plugin->about().params.value("properties", Json::object());
        for (const auto& [name, unused] : properties.items()) words.push_back(name);
    }
    return words;
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

std::vector<Found> search(const std::vector<const plugin::Plugin*>& plugins,
                          const std::string& word) {
    const auto folded = model::fold_case(word);
    std::vector<Found> found;
    for (const auto* plugin : plugins) {
        const auto& about = plugin->about();
        if (has(about.name, folded) || has(about.summary, folded) || has(about.group, folded) ||
            has(title_of(about.group), folded))
            found.push_back({plugin, ""});
        else if (const auto name = parameter_with(about, folded); !name.empty())
            found.push_back({plugin, "parameter " + name});
    }
    if (!found.empty()) return found;
    const auto nearest = nearest_name(word, words_of(plugins));
    throw Error(
        ErrorKind::user,
        fmt::format("nothing matches \"{}\"{}\n`faultline plugins` lists all there are", word,
                    nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest)));
}

}  // namespace faultline::cli
