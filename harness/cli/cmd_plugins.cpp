#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/plugin_page.h"
#include "core/error.h"
#include "plugin/registry.h"
#include "report/table.h"

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

std::string dumped(const Json& document) {
    return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json list_as_json(const plugin::Registry& registry) {
    Json document = {{"plugins", Json::array()}, {"rejected", Json::array()}};
    for (const auto* plugin : registry.plugins()) document["plugins"].push_back(as_json(*plugin));
    for (const auto& rejected : registry.rejected())
        document["rejected"].push_back(
            {{"file", rejected.file.string()}, {"reason", rejected.reason}});
    return document;
}

std::string list_as_text(const plugin::Registry& registry) {
    using Align = report::Table::Align;
    report::Table table({{"plugin", Align::left, 0},
                         {"group", Align::left, 0},
                         {"dose", Align::left, 0},
                         {"unit", Align::left, 0},
                         {"what it does", Align::left, 24}});
    for (const auto* plugin : registry.plugins()) {
        const auto& about = plugin->about();
        table.add({{about.name, report::Hue::bold},
                   {about.group},
                   {name_of(about.dose)},
                   {name_of(about.unit)},
                   {about.summary}});
    }
    const report::TerminalStyle style = style_of_stdout();
    if (table.empty()) return "no plugins found\n";
    return table.text(report::Paint(style.colour), style.width, 0);
}

const plugin::Plugin& plugin_named(const plugin::Registry& registry, const std::string& name) {
    if (const auto* plugin = registry.find(name)) return *plugin;
    std::vector<std::string> names;
    for (const auto* plugin : registry.plugins()) names.push_back(plugin->about().name);
    const std::string nearest = nearest_name(name, names);
    throw Error(
        ErrorKind::user,
        fmt::format("there is no plugin \"{}\"{}\n`faultline plugins` lists those that were found",
                    name, nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest)));
}

int command(const std::vector<std::string>& words) {
    Arguments arguments(
        "plugins", "plugins [NAME] [options]",
        "The plugins that were found, or everything about one of them. They are looked for on\n"
        "--plugin-path, then $FAULTLINE_PLUGIN_PATH (colons between folders), then beside "
        "faultline.",
        "faultline plugins noise");
    arguments.word("NAME", false)
        .flag("json", "for programs")
        .option("plugin-path", "DIR", "a folder with plugins; may be given several times", true);
    if (!arguments.parse(words)) return exit_held;
    const plugin::Registry registry = plugin::discover(arguments.paths("plugin-path"));
    // A plugin that was refused is why the one asked for may be missing.
    if (!arguments.on("json"))
        for (const auto& rejected : registry.rejected())
            complain(fmt::format("not used: {}: {}", rejected.file.string(), rejected.reason));
    if (arguments.has("NAME")) {
        const auto& plugin = plugin_named(registry, arguments.text("NAME"));
        print(arguments.on("json") ? dumped(as_json(plugin))
                                   : plugin_page(plugin, style_of_stdout()));
    } else {
        print(arguments.on("json") ? dumped(list_as_json(registry)) : list_as_text(registry));
    }
    return exit_held;
}

const Registration registration({"plugins", "list the plugins, or show one in full", command});

}  // namespace
}  // namespace faultline::cli
