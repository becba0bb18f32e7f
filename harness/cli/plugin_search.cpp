#include "cli/plugin_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "cli/plugin_groups.h"
#include "core/error.h"
#include "model/names.h"

namespace faultline::cli {
namespace {

using plugin::Json;

/// Lower case, with one space for everything that is neither letter nor digit, and one before.
std::string plain(const std::string& text) {
    std::string out = " ";
    for (const char c : model::fold_case(text)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80 || std::isalnum(byte) != 0)
            out += c;
        else if (out.back() != ' ')
            out += ' ';
    }
    return out;
}

/// A word without its ending, as long as enough of it is left to tell it by.
std::string stem_of(const std::string& word) {
    constexpr std::size_t least = 5;
    for (const char* ending : {"ations", "ation", "ings", "ing", "ions", "ion", "ed", "es"}) {
        const std::string text = ending;
        if (word.ends_with(text) && word.size() - text.size() >= least)
            return word.substr(0, word.size() - text.size());
    }
    return word.size() > 3 && word.ends_with("s") ? word.substr(0, word.size() - 1) : word;
}

std::vector<std::string> stems_of(const std::string& text) {
    std::vector<std::string> stems;
    std::string word;
    for (const char c : plain(text) + " ") {
        if (c != ' ') {
            word += c;
            continue;
        }
        if (!word.empty()) stems.push_back(stem_of(word));
        word.clear();
    }
    return stems;
}

bool has(const std::string& text, const std::string& stem) {
    constexpr std::size_t tells_inside = 5;
    return plain(text).find(stem.size() < tells_inside ? " " + stem : stem) != std::string::npos;
}

bool has_all(const std::string& text, const std::vector<std::string>& stems) {
    return std::all_of(stems.begin(), stems.end(),
                       [&](const std::string& stem) { return has(text, stem); });
}

std::vector<std::string> keywords_of(const plugin::Description& about) {
    return about.document.value("keywords", std::vector<std::string>());
}

/// Of a parameter: its name, what is said of it, its values.
std::string parameter_text(const std::string& name, const Json& schema) {
    auto text = name + " " + schema.value("description", "");
    for (const auto& value : schema.value("enum", Json::array()))
        if (value.is_string()) text += " " + value.get<std::string>();
    return text;
}

/// In what of a plugin the words stand, or nothing where they do not.
std::optional<std::string> where_in(const plugin::Description& about,
                                    const std::vector<std::string>& stems) {
    auto all = about.name + " " + about.summary + " " + about.group + " " + title_of(about.group);
    if (has_all(all, stems)) return "";
    const auto keywords = keywords_of(about);
    for (const auto& keyword : keywords)
        if (has_all(keyword, stems)) return keyword;
    for (const auto& keyword : keywords) all += " " + keyword;
    if (has_all(all, stems)) return "";
    const auto properties = about.params.value("properties", Json::object());
    for (const auto& [name, schema] : properties.items()) {
        const auto text = parameter_text(name, schema);
        // One of the words at least is the parameter's, and not all of them the rest's.
        if (has_all(all + " " + text, stems) &&
            std::any_of(stems.begin(), stems.end(),
                        [&](const std::string& stem) { return has(text, stem); }))
            return "parameter " + name;
    }
    return std::nullopt;
}

}  // namespace

std::vector<Found> matches(const std::vector<const plugin::Plugin*>& plugins,
                           const std::string& text) {
    std::vector<Found> found;
    const auto stems = stems_of(text);
    if (stems.empty()) return found;
    for (const auto* plugin : plugins)
        if (const auto where = where_in(plugin->about(), stems)) found.push_back({plugin, *where});
    return found;
}

std::vector<Found> search(const std::vector<const plugin::Plugin*>& plugins,
                          const std::string& text) {
    auto found = matches(plugins, text);
    if (!found.empty()) return found;
    // Everything that a misspelt word may have been meant as.
    std::vector<std::string> words;
    for (const auto* plugin : plugins) {
        words.push_back(plugin->about().name);
        words.push_back(plugin->about().group);
        for (const auto& keyword : keywords_of(plugin->about())) words.push_back(keyword);
        const auto properties = plugin->about().params.value("properties", Json::object());
        for (const auto& [name, unused] : properties.items()) words.push_back(name);
    }
    const auto nearest = nearest_name(text, words);
    throw Error(
        ErrorKind::user,
        fmt::format("nothing matches \"{}\"{}\n`faultline plugins` lists all there are", text,
                    nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest)));
}

}  // namespace faultline::cli
