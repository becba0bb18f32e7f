#include <fmt/format.h>

#include <algorithm>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/plugin_groups.h"
#include "cli/plugin_page.h"
#include "cli/plugin_search.h"
#include "core/error.h"
#include "plugin/registry.h"
#include "report/display_text.h"
#include "report/paint.h"

namespace faultline::cli {
namespace {

using plugin::Json;

Json as_json(const std::vector<ParameterLine>& lines) {
    Json all = Json::array();
    for (const auto& line : lines)
        all.push_back({{"name", line.name},
                       {"type", line.type},
                       {"default", line.otherwise.empty() ? Json() : Json(line.otherwise)},
                       {"description", line.description}});
    return all;
}

Json as_json(const plugin::Plugin& plugin) {
    Json document = plugin.about().document;
    document["file"] = plugin.file().string();
    document["digest"] = plugin.digest();
    document["selection"] = as_json(selection_of(plugin.about()));
    document["example"] = example_perturbation(plugin);
    return document;
}

std::string document_text(const Json& document) {
    return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json list_as_json(const plugin::Registry& registry, const std::vector<Found>& found) {
    Json document = {
        {"groups", Json::array()}, {"plugins", Json::array()}, {"rejected", Json::array()}};
    std::vector<const plugin::Plugin*> plugins;
    for (const auto& [plugin, where] : found) {
        plugins.push_back(plugin);
        document["plugins"].push_back(as_json(*plugin));
    }
    for (const auto& group : groups_of(plugins)) {
        Json names = Json::array();
        for (const auto* plugin : plugins)
            if (plugin->about().group == group.name) names.push_back(plugin->about().name);
        document["groups"].push_back(
            {{"name", group.name}, {"title", group.title}, {"plugins", names}});
    }
    for (const auto& rejected : registry.rejected())
        document["rejected"].push_back(
            {{"file", rejected.file.string()}, {"reason", rejected.reason}});
    return document;
}

std::string list_as_text(const std::vector<Found>& found) {
    if (found.empty()) return "no plugins found\n";
    const report::TerminalStyle style = style_of_stdout();
    const report::Paint paint(style.colour);
    std::vector<const plugin::Plugin*> plugins;
    std::size_t widest = 0;
    for (const auto& [plugin, where] : found) {
        plugins.push_back(plugin);
        widest = std::max(widest, plugin->about().name.size());
    }
    std::string text;
    for (const auto& group : groups_of(plugins)) {
        text += (text.empty() ? "" : "\n") + paint(report::Hue::bold, report::shown(group.title));
        if (!group.about.empty()) text += paint(report::Hue::faint, "  " + group.about);
        text += "\n";
        for (const auto& [plugin, where] : found) {
            if (plugin->about().group != group.name) continue;
            const auto said =
                plugin->about().summary + (where.empty() ? "" : fmt::format(" ({})", where));
            text +=
                fmt::format("  {:<{}}  {}\n", plugin->about().name, widest, report::shown(said));
        }
    }
    return text;
}

/// What --group and --search leave of the plugins.
std::vector<Found> wanted(const Arguments& arguments, const plugin::Registry& registry) {
    auto plugins = registry.plugins();
    if (arguments.has("group")) {
        const auto group = group_named(arguments.text("group"), plugins);
        std::erase_if(plugins, [&](const plugin::Plugin* plugin) {
            return plugin->about().group != group.name;
        });
    }
    if (arguments.has("search")) return search(plugins, arguments.text("search"));
    std::vector<Found> all;
    for (const auto* plugin : plugins) all.push_back({plugin, ""});
    return all;
}

const plugin::Plugin& plugin_named(const plugin::Registry& registry, const std::string& name) {
    if (const auto* plugin = registry.find(name)) return *plugin;
    std::vector<std::string> names;
    for (const auto* plugin : registry.plugins()) names.push_back(plugin->about().name);
    const std::string nearest = nearest_name(name, names);
    // A fault may be looked for by a word that is no plugin's name.
    std::string found;
    for (const auto& other : matches(registry.plugins(), name))
        found += (found.empty() ? "" : ", ") + other.plugin->about().name;
    throw Error(
        ErrorKind::user,
        fmt::format("there is no plugin \"{}\"{}\n{}", name,
                    nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest),
                    found.empty() ? "`faultline plugins` lists those that were found"
                                  : fmt::format("`faultline plugins --search \"{}\"` finds {}",
                                                name, found)));
}

int plugins_command(const std::vector<std::string>& words) {
    Arguments arguments(
        "plugins", "plugins [NAME] [options]",
        "The plugins that were found, group by group, or everything about one of them. They are "
        "looked for on\n"
        "--plugin-path, then $FAULTLINE_PLUGIN_PATH (colons between folders), then beside "
        "faultline.",
        "faultline plugins --search backfill\nfaultline plugins noise");
    arguments.word("NAME", false)
        .option("search", "WORDS",
                "those that these words are about: in name, summary, group, keywords or "
                "parameters")
        .option("group", "GROUP", "those of one group: values, batches, …")
        .flag("json", "for programs")
        .option("plugin-path", "DIR", "a folder with plugins; may be given several times", true);
    if (!arguments.parse(words)) return exit_held;
    const plugin::Registry registry = plugin::discover(arguments.paths("plugin-path"));
    // A plugin that was refused is why the one asked for may be missing.
    if (!arguments.on("json"))
        for (const auto& rejected : registry.rejected())
            complain(fmt::format("not used: {}: {}", rejected.file.string(), rejected.reason));
    if (arguments.has("NAME")) {
        if (arguments.has("search") || arguments.has("group"))
            throw Error(ErrorKind::user,
                        "plugins: either NAME, or --search and --group to look for one");
        const auto& plugin = plugin_named(registry, arguments.text("NAME"));
        print(arguments.on("json") ? document_text(as_json(plugin))
                                   : plugin_page(plugin, style_of_stdout()));
    } else {
        const auto found = wanted(arguments, registry);
        print(arguments.on("json") ? document_text(list_as_json(registry, found))
                                   : list_as_text(found));
    }
    return exit_held;
}

const Registration plugins_registration({"plugins", "list the plugins, or show one in full",
                                         plugins_command});

}  // namespace
}  // namespace faultline::cli
