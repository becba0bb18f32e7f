#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "plugin/along.h"
#include "plugin/key_reader.h"
#include "plugin/params.h"

namespace faultline::plugin {
namespace {

/// Keys that only mean something together.
void check_combination(KeyReader& keys, const Description& about, const Selection& selection) {
    using Mechanism = Selection::Mechanism;
    using Sampling = Selection::Sampling;
    const auto given = selection.mechanism == Mechanism::at_random_given;
    if (given && selection.given.empty())
        keys.wrong("given", nullptr, "the column that decides, for mechanism at_random_given");
    if (!given && keys.has("given"))
        keys.wrong("given", selection.given, "no \"given\" unless mechanism is at_random_given");
    if (selection.mechanism == Mechanism::not_at_random && about.accepts.empty())
        keys.wrong(
            "mechanism", "not_at_random",
            "at_random_given with a column: this plugin takes no columns whose value could decide");
    if (selection.mechanism != Mechanism::at_random && selection.sampling != Sampling::uniform)
        keys.wrong("sampling", "other than uniform", "either a mechanism or a sampling, not both");
    if (selection.sampling == Sampling::weight && selection.weight.empty())
        keys.wrong("weight", nullptr, "the column of weights, for sampling weight");
    if (selection.sampling != Sampling::weight && keys.has("weight"))
        keys.wrong("weight", selection.weight, "no \"weight\" unless sampling is weight");
    if (keys.has("by") && selection.sampling != Sampling::latest &&
        selection.sampling != Sampling::earliest)
        keys.wrong("by", selection.by, "no \"by\" unless sampling is latest or earliest");
    if (about.unit == Unit::batch && selection.sampling == Sampling::weight)
        keys.wrong("sampling", "weight",
                   "uniform, latest, earliest or block: batches have no weight");
    // Where severity scales how many are hit, `along` says which: nothing else can say so too.
    if (selection.along && !about.doses_rows && selection.mechanism != Mechanism::at_random)
        keys.wrong("mechanism", "other than at_random", "either a mechanism or along, not both");
    if (selection.along && !about.doses_rows && selection.sampling != Sampling::uniform)
        keys.wrong("sampling", "other than uniform", "either a sampling or along, not both");
}

}  // namespace

std::vector<std::string> admitted_keys(const Description& about) {
    std::vector<std::string> keys;
    if (!about.accepts.empty()) keys.emplace_back("columns");
    if (about.has_file) {
        keys.emplace_back("files");
        if (about.selects) keys.emplace_back("fraction");
        // Of files exactly the share is hit anyway.
        if (about.selects && about.unit != Unit::file) keys.emplace_back("exact");
        return keys;
    }
    if (!about.selects) return keys;
    for (const char* key : {"fraction", "exact", "where", "sampling"}) keys.emplace_back(key);
    if (about.unit == Unit::batch)
        keys.emplace_back("block_rows");
    else
        for (const char* key : {"mechanism", "given", "weight", "by"}) keys.emplace_back(key);
    if (cannot_follow(about).empty()) keys.emplace_back("along");
    return keys;
}

Selection read_selection(const Description& about, const Json& params, const Place& place,
                         std::vector<Problem>& problems) {
    const auto admitted = admitted_keys(about);
    Json merged = about.selection_defaults;
    // A mechanism and a sampling exclude each other: the plugin's default gives way to what is
    // stated.
    if (params.contains("mechanism")) merged.erase("sampling");
    if (params.contains("sampling")) merged.erase("mechanism");
    if (params.contains("along") && !about.doses_rows) {
        merged.erase("mechanism");
        merged.erase("sampling");
    }
    for (const auto& [key, value] : params.items())
        if (std::find(admitted.begin(), admitted.end(), key) != admitted.end()) merged[key] = value;
    // A plugin's default shape stands until another is stated.
    if (merged.contains("along") && merged["along"].is_object() &&
        about.selection_defaults.contains("along")) {
        auto along = about.selection_defaults["along"];
        along.update(merged["along"]);
        merged["along"] = along;
    }

    Selection out;
    KeyReader keys(merged, place, problems);
    keys.columns(out.columns);
    keys.number("fraction", 0, 1, out.fraction);
    keys.flag("exact", out.exact);
    keys.text("files", "a file's name, or a pattern with * and ?", out.files);
    keys.text("where", "an SQL condition over the relation's columns", out.where);
    keys.choice<Selection::Mechanism>(
        "mechanism",
        {{"at_random", Selection::Mechanism::at_random},
         {"at_random_given", Selection::Mechanism::at_random_given},
         {"not_at_random", Selection::Mechanism::not_at_random}},
        out.mechanism,
        {{"mcar", "at_random"}, {"mar", "at_random_given"}, {"mnar", "not_at_random"}});
    keys.text("given", "a column's name", out.given);
    keys.choice<Selection::Sampling>("sampling",
                                     {{"uniform", Selection::Sampling::uniform},
                                      {"weight", Selection::Sampling::weight},
                                      {"latest", Selection::Sampling::latest},
                                      {"earliest", Selection::Sampling::earliest},
                                      {"block", Selection::Sampling::block}},
                                     out.sampling);
    keys.text("weight", "a column's name", out.weight);
    keys.text("by", "a column's name", out.by);
    keys.block_rows(out.block_rows);
    if (keys.has("along") && !keys.at("along").is_object())
        keys.wrong("along", keys.at("along"),
                   R"(an object, such as {"shape": "step", "start": 0.5})");
    else if (keys.has("along"))
        out.along = read_along(keys.at("along"), {place.file, pointer_to(place.pointer, "along")},
                               problems);
    if (about.needs_columns && !merged.contains("columns"))
        problems.push_back({place.file, place.pointer, "no \"columns\"",
                            fmt::format("\"columns\": which columns (of type {}) {} goes to",
                                        fmt::join(about.accepts, " or "), about.name),
                            ""});
    check_combination(keys, about, out);
    return out;
}

}  // namespace faultline::plugin
