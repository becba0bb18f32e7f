#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/json_pointer.h"
#include "plugin/params.h"

namespace faultline::plugin {
namespace {

/// Reads the selection keys one by one; what is wrong goes to `problems`.
class Keys {
  public:
    Keys(const Json& params, const Place& place, std::vector<Problem>& problems)
        : params_(params), place_(place), problems_(problems) {}

    void number(const char* key, double low, double high, double& out) {
        if (!params_.contains(key)) return;
        const auto& value = params_[key];
        if (value.is_number() && value.get<double>() >= low && value.get<double>() <= high)
            out = value.get<double>();
        else
            wrong(key, value, fmt::format("a number from {} to {}", low, high));
    }
    void flag(const char* key, bool& out) {
        if (!params_.contains(key)) return;
        if (params_[key].is_boolean())
            out = params_[key].get<bool>();
        else
            wrong(key, params_[key], "true or false");
    }
    void text(const char* key, const char* what, std::string& out) {
        if (!params_.contains(key)) return;
        if (params_[key].is_string() && !params_[key].get_ref<const std::string&>().empty())
            out = params_[key].get<std::string>();
        else
            wrong(key, params_[key], what);
    }
    template <class Enum>
    void choice(const char* key, const std::vector<std::pair<std::string, Enum>>& known,
                Enum& out) {
        if (!params_.contains(key)) return;
        std::vector<std::string> names;
        for (const auto& [name, value] : known) {
            names.push_back(name);
            if (params_[key] == name) {
                out = value;
                return;
            }
        }
        wrong(key, params_[key], fmt::format("one of {}", fmt::join(names, ", ")),
              params_[key].is_string() ? nearest_name(params_[key].get<std::string>(), names) : "");
    }
    void block_rows(std::optional<std::uint64_t>& out) {
        if (!params_.contains("block_rows")) return;
        const auto& value = params_["block_rows"];
        if (value.is_number_unsigned() && value.get<std::uint64_t>() >= 1 &&
            value.get<std::uint64_t>() <= (std::uint64_t{1} << 40))
            out = value.get<std::uint64_t>();
        else
            wrong("block_rows", value, "a whole number of rows, at least 1");
    }
    void columns(std::vector<ColumnChoice>& out) {
        if (!params_.contains("columns")) return;
        const auto& value = params_["columns"];
        const auto at = pointer_to(place_.pointer, "columns");
        if (!value.is_array()) return column(value, at, out);
        if (value.empty()) wrong("columns", value, "at least one column");
        for (std::size_t i = 0; i < value.size(); ++i) column(value[i], pointer_to(at, i), out);
    }
    void wrong(const std::string& key, const Json& found, const std::string& expected,
               const std::string& nearest = {}) {
        problems_.push_back(
            {place_.file, pointer_to(place_.pointer, key), found.dump(), expected, nearest});
    }
    [[nodiscard]] bool has(const char* key) const { return params_.contains(key); }

  private:
    void column(const Json& item, const std::string& at, std::vector<ColumnChoice>& out) {
        using Kind = ColumnChoice::Kind;
        if (item.is_string() && !item.get_ref<const std::string&>().empty()) {
            out.push_back({Kind::name, item.get<std::string>()});
            return;
        }
        if (item.is_object() && item.size() == 1 && item.begin()->is_string()) {
            const auto text = item.begin()->get<std::string>();
            if (item.begin().key() == "match" && !text.empty()) {
                out.push_back({Kind::match, text});
                return;
            }
            const auto& types = column_types();
            if (item.begin().key() == "type") {
                if (std::find(types.begin(), types.end(), text) != types.end()) {
                    out.push_back({Kind::type, text});
                    return;
                }
                problems_.push_back({place_.file, pointer_to(at, "type"), item.begin()->dump(),
                                     fmt::format("one of {}", fmt::join(types, ", ")),
                                     nearest_name(text, types)});
                return;
            }
        }
        problems_.push_back({place_.file, at, item.dump(),
                             R"(a column's name, {"match": "amt_*"} or {"type": "numeric"})", ""});
    }

    const Json& params_;
    const Place& place_;
    std::vector<Problem>& problems_;
};

/// Keys that only mean something together.
void check_combination(Keys& keys, const Description& about, const Selection& selection) {
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
    for (const auto& [key, value] : params.items())
        if (std::find(admitted.begin(), admitted.end(), key) != admitted.end()) merged[key] = value;

    Selection out;
    Keys keys(merged, place, problems);
    keys.columns(out.columns);
    keys.number("fraction", 0, 1, out.fraction);
    keys.flag("exact", out.exact);
    keys.text("files", "a file's name, or a pattern with * and ?", out.files);
    keys.text("where", "an SQL condition over the relation's columns", out.where);
    keys.choice<Selection::Mechanism>("mechanism",
                                      {{"at_random", Selection::Mechanism::at_random},
                                       {"at_random_given", Selection::Mechanism::at_random_given},
                                       {"not_at_random", Selection::Mechanism::not_at_random}},
                                      out.mechanism);
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
    if (about.needs_columns && !merged.contains("columns"))
        problems.push_back({place.file, place.pointer, "no \"columns\"",
                            fmt::format("\"columns\": which columns (of type {}) {} goes to",
                                        fmt::join(about.accepts, " or "), about.name),
                            ""});
    check_combination(keys, about, out);
    return out;
}

}  // namespace faultline::plugin
