#include "cli/plugin_page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "plugin/params.h"
#include "report/display_text.h"
#include "report/table.h"

namespace faultline::cli {
namespace {

using plugin::Json;

std::string dumped(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string bounds_of(const Json& schema) {
    std::string text;
    const auto add = [&](const char* key, const char* sign) {
        if (schema.contains(key))
            text += fmt::format("{}{} {}", text.empty() ? " " : ", ", sign, dumped(schema[key]));
    };
    add("minimum", "≥");
    add("exclusiveMinimum", ">");
    add("maximum", "≤");
    add("exclusiveMaximum", "<");
    return text;
}

std::string type_of(const Json& schema) {
    if (!schema.is_object()) return {};
    if (schema.contains("enum")) {
        std::vector<std::string> values;
        for (const auto& value : schema["enum"])
            values.push_back(value.is_string() ? value.get<std::string>() : dumped(value));
        return fmt::format("{}", fmt::join(values, " | "));
    }
    if (!schema.contains("type")) return "any";
    const auto& type = schema["type"];
    std::vector<std::string> types;
    for (const auto& one : type.is_array() ? type : Json::array({type}))
        if (one.is_string()) types.push_back(one.get<std::string>());
    return fmt::format("{}{}", fmt::join(types, " | "), bounds_of(schema));
}

/// The selection is the harness's: the same words and defaults for every plugin, in this order.
const std::vector<ParameterLine>& selection_words() {
    static const std::vector<ParameterLine> words{
        {"columns", "names", "",
         R"(which columns: names, {"match": "amt_*"} or {"type": "numeric"})"},
        {"files", "name or pattern", "all",
         "which of the source's files, with * and ? for any characters"},
        {"fraction", "number ≥ 0, ≤ 1", "1", "share of the eligible units that are hit"},
        {"exact", "boolean", "false", "exactly that share instead of that chance for each"},
        {"where", "SQL", "all", "which rows are eligible"},
        {"mechanism", "at_random | at_random_given | not_at_random", "at_random",
         "whether what a row holds decides if it is hit"},
        {"given", "column", "", "at_random_given: the column that decides"},
        {"sampling", "uniform | weight | latest | earliest | block", "uniform",
         "which units go first"},
        {"weight", "column", "", "sampling weight: the column of weights"},
        {"by", "column", "the batch column", "latest, earliest: the column that orders"},
        {"block_rows", "integer ≥ 1", "", "rows a block, where no batch column is declared"},
        {"along", "object", "",
         R"(the fault begins, grows, peaks or comes and goes along a column: {"shape": "step", "start": "2024-03-01"})"}};
    return words;
}

std::string table_of(const std::vector<ParameterLine>& lines, const report::TerminalStyle& style) {
    using Align = report::Table::Align;
    report::Table table({{"name", Align::left, 0},
                         {"type", Align::left, 12},
                         {"default", Align::left, 7},
                         {"what it is", Align::left, 24}});
    for (const auto& line : lines)
        table.add(
            {{line.name, report::Hue::bold}, {line.type}, {line.otherwise}, {line.description}});
    // Descriptions are for reading whole: on a narrow terminal let the terminal wrap them.
    return table.text(report::Paint(style.colour), std::max(style.width, 160u));
}

/// What its answer key counts, by what it says it keeps and where it acts.
std::string counts_of(const plugin::Description& about) {
    std::vector<std::string> counts;
    if (about.has_before_run) counts.emplace_back("calls");
    if (about.has_file) {
        counts.emplace_back("bytes");
        if (about.unit == plugin::Unit::record) counts.emplace_back("records");
    }
    if (about.has_rewrite || about.has_transform) {
        if (!about.keeps_rows) counts.emplace_back("rows added and removed");
        counts.emplace_back("rows changed and cells by column");
        if (!about.keeps_schema)
            counts.emplace_back("columns added, removed, retyped and reordered");
    }
    return fmt::format("{}", fmt::join(counts, "; "));
}

}  // namespace

std::vector<ParameterLine> parameters_of(const plugin::Description& about) {
    std::vector<ParameterLine> lines;
    if (!about.params.contains("properties")) return lines;
    std::vector<std::string> required;
    if (about.params.contains("required") && about.params["required"].is_array())
        for (const auto& name : about.params["required"])
            if (name.is_string()) required.push_back(name.get<std::string>());
    for (const auto& [name, schema] : about.params["properties"].items()) {
        const bool must = std::find(required.begin(), required.end(), name) != required.end();
        std::string otherwise = must ? "required" : "";
        if (schema.contains("default") && !schema["default"].is_null())
            otherwise = dumped(schema["default"]);
        const bool said = schema.contains("description") && schema["description"].is_string();
        lines.push_back({name, type_of(schema), otherwise,
                         said ? schema["description"].get<std::string>() : ""});
    }
    return lines;
}

std::vector<ParameterLine> selection_of(const plugin::Description& about) {
    const auto admitted = plugin::admitted_keys(about);
    std::vector<ParameterLine> lines;
    for (ParameterLine line : selection_words()) {
        if (std::find(admitted.begin(), admitted.end(), line.name) == admitted.end()) continue;
        if (line.name == "columns" && about.needs_columns) line.otherwise = "required";
        if (about.selection_defaults.contains(line.name))
            line.otherwise = dumped(about.selection_defaults[line.name]);
        lines.push_back(std::move(line));
    }
    return lines;
}

Json example_perturbation(const plugin::Plugin& plugin) {
    const auto& about = plugin.about();
    Json example = {
        {"id", "my_" + about.name}, {"node", "<a node of the pipeline>"}, {"plugin", about.name}};
    if (about.examples.is_array() && !about.examples.empty())
        example["params"] = about.examples.front();
    return example;
}

std::string plugin_page(const plugin::Plugin& plugin, const report::TerminalStyle& style) {
    const auto& about = plugin.about();
    const report::Paint paint(style.colour);
    const auto shown = [](const std::string& text) { return report::shown(text); };
    const auto title = [&](const char* text) {
        return "\n" + paint(report::Hue::bold, text) + "\n";
    };
    std::string text = paint(report::Hue::bold, shown(about.name)) + " " + shown(about.version) +
                       "  " + shown(about.summary) + "\n\n";
    text += fmt::format("  group {}, unit {}, dose {}\n", shown(about.group), name_of(about.unit),
                        name_of(about.dose));
    text += "  at severity 1: " + shown(about.at_severity_1) + "\n";
    text += fmt::format("  severity scales {}\n",
                        about.scales == "fraction"    ? "the share of units that are hit"
                        : about.scales == "magnitude" ? "how hard a unit is hit"
                                                      : "nothing: on from 0.5, else off");
    std::vector<std::string> keeps;
    if (about.keeps_schema) keeps.emplace_back("the schema");
    if (about.keeps_rows) keeps.emplace_back("every row");
    if (about.keeps_order) keeps.emplace_back("their order");
    if (!keeps.empty()) text += fmt::format("  keeps {}\n", fmt::join(keeps, ", "));
    text += fmt::format("  its answer key counts {}\n", counts_of(about));
    if (about.benign) text += "  benign: what it does should not matter\n";
    if (!about.accepts.empty())
        text += shown(fmt::format("  columns of type {}", fmt::join(about.accepts, ", "))) + "\n";
    if (!about.formats.empty())
        text += shown(fmt::format("  files of format {}", fmt::join(about.formats, ", "))) + "\n";
    if (const auto keywords = about.document.value("keywords", std::vector<std::string>());
        !keywords.empty())
        text += shown(fmt::format("  also found as {}", fmt::join(keywords, ", "))) + "\n";
    text += "  from " + shown(plugin.file().lexically_normal().string()) + "\n";

    if (const auto own = parameters_of(about); !own.empty())
        text += title("Parameters") + table_of(own, style);
    if (const auto selection = selection_of(about); !selection.empty())
        text += title("Which units it hits") + table_of(selection, style);
    if (about.examples.is_array() && about.examples.size() > 1) {
        text += title("Other params that make sense");
        for (std::size_t i = 1; i < about.examples.size(); ++i)
            text += shown(dumped(about.examples[i])) + "\n";
    }
    text += title("To paste into \"perturbations\"");
    return text + shown(dumped(example_perturbation(plugin))) + "\n";
}

}  // namespace faultline::cli
