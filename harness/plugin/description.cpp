#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "core/error.h"
#include "plugin/column_choice.h"
#include "plugin/registry.h"

namespace faultline::plugin {
namespace {

/// Reads one describe() document, collecting everything that is wrong with it.
class Reader {
  public:
    explicit Reader(const Json& document) : document_(document) {}

    std::string text(const char* key) {
        const auto* value = find(key, true);
        if (value == nullptr) return {};
        if (!value->is_string() || value->get_ref<const std::string&>().empty()) {
            wrong("\"{}\" must be a non-empty string", key);
            return {};
        }
        return value->get<std::string>();
    }
    bool flag(const char* key, bool otherwise) {
        const auto* value = find(key, false);
        if (value == nullptr) return otherwise;
        if (!value->is_boolean()) wrong("\"{}\" must be true or false", key);
        return value->is_boolean() && value->get<bool>();
    }
    unsigned count(const char* key) {
        const auto* value = find(key, false);
        if (value == nullptr) return 0;
        if (value->is_number_unsigned() && value->get<std::uint64_t>() <= 500)
            return value->get<unsigned>();
        wrong("\"{}\" must be a whole number from 0 to 500", key);
        return 0;
    }
    void texts(const char* key) {
        const auto* value = find(key, false);
        if (value == nullptr) return;
        const bool sound =
            value->is_array() && std::all_of(value->begin(), value->end(), [](const Json& item) {
                return item.is_string() && !item.get_ref<const std::string&>().empty();
            });
        if (!sound) wrong("\"{}\" must be an array of non-empty strings", key);
    }
    std::string one_of(const char* key, const std::vector<std::string>& allowed) {
        const auto value = text(key);
        if (!value.empty() && std::find(allowed.begin(), allowed.end(), value) == allowed.end())
            wrong("\"{}\" is \"{}\", not one of {}", key, value, fmt::join(allowed, ", "));
        return value;
    }
    std::vector<std::string> some_of(const char* key, const std::vector<std::string>& allowed) {
        std::vector<std::string> out;
        const auto* value = find(key, false);
        if (value == nullptr) return out;
        if (!value->is_array()) wrong("\"{}\" must be an array", key);
        for (const auto& item : *value) {
            if (!item.is_string() ||
                std::find(allowed.begin(), allowed.end(), item) == allowed.end())
                wrong("\"{}\" holds {}, not one of {}", key, item.dump(), fmt::join(allowed, ", "));
            else
                out.push_back(item.get<std::string>());
        }
        return out;
    }
    Json value(const char* key, Json::value_t type, bool required) {
        const auto* found = find(key, required);
        if (found == nullptr) return Json(type);
        if (found->type() == type) return *found;
        wrong("\"{}\" must be an {}", key, Json(type).type_name());
        return Json(type);
    }
    template <class... Args>
    void wrong(fmt::format_string<Args...> format, Args&&... args) {
        problems_.push_back(fmt::format(format, std::forward<Args>(args)...));
    }
    void finish() {
        for (const auto& [key, unused] : document_.items())
            if (std::find(known_.begin(), known_.end(), key) == known_.end())
                wrong("unknown key \"{}\"", key);
        if (!problems_.empty())
            throw Error(ErrorKind::plugin,
                        fmt::format("describe() is malformed: {}", fmt::join(problems_, "; ")));
    }

  private:
    const Json* find(const char* key, bool required) {
        known_.emplace_back(key);
        const auto found = document_.find(key);
        if (found != document_.end()) return &*found;
        if (required) wrong("\"{}\" is missing", key);
        return nullptr;
    }

    const Json& document_;
    std::vector<std::string> known_, problems_;
};

bool is_name(const std::string& text) {
    return !text.empty() && text.front() >= 'a' && text.front() <= 'z' &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
           });
}

/// A parameter nobody explains is one nobody can use: each says its type, what it means and what it
/// is when left out (null: not set).
void check_params(Reader& reader, const Json& params, bool selects, bool takes_columns) {
    if (params.value("type", Json()) != "object") reader.wrong("\"params\" must have type object");
    const auto properties = params.value("properties", Json::object());
    if (!properties.is_object()) return reader.wrong("\"params/properties\" must be an object");
    const auto required = params.value("required", Json::array());
    for (const auto& name : required)
        if (!name.is_string() || !properties.contains(name.get<std::string>()))
            reader.wrong("\"params/required\" names {}, which is no property", name.dump());
    for (const auto& [name, property] : properties.items()) {
        const bool is_required =
            std::find(required.begin(), required.end(), name) != required.end();
        if (!property.is_object() || (!property.contains("type") && !property.contains("enum")))
            reader.wrong("parameter \"{}\" has no type", name);
        else if (!property.contains("description") || !property["description"].is_string())
            reader.wrong("parameter \"{}\" has no description", name);
        else if (!is_required && !property.contains("default"))
            reader.wrong("parameter \"{}\" is optional and has no default (null: not set)", name);
        const auto needs =
            property.is_object() ? property.value("goes_with", Json::object()) : Json::object();
        for (const auto& [other, values] : needs.items())
            if (!properties.contains(other) || !values.is_array() || values.empty())
                reader.wrong("\"goes_with\" of parameter \"{}\" is no parameter and its values",
                             name);
        const auto& taken = selection_keys();
        if (((selects && name != "columns") || (takes_columns && name == "columns")) &&
            std::find(taken.begin(), taken.end(), name) != taken.end())
            reader.wrong("parameter \"{}\" is one of the selection's", name);
    }
}

/// "amounts": what tells a dose of this magnitude, in the order in which the plugin prefers them.
std::vector<Description::Amount> amounts_of(Reader& reader, const Description& about) {
    std::vector<Description::Amount> amounts;
    for (const auto& item : reader.value("amounts", Json::value_t::array, false)) {
        const auto wrong = [&](const char* what) {
            reader.wrong("\"amounts\" holds {}: {}", item.dump(), what);
        };
        if (!item.is_object() || !item.contains("param") || !item["param"].is_string()) {
            wrong("each is an object that names a \"param\"");
            continue;
        }
        Description::Amount amount;
        for (const auto& [key, value] : item.items()) {
            if (key == "param" && value.is_string()) {
                amount.param = value;
            } else if (key == "from" && value.is_number()) {
                amount.from = value;
            } else if (key == "by_power" && value.is_boolean()) {
                amount.by_power = value;
            } else if (key == "measure" && value.is_string()) {
                amount.measure = value;
            } else if (key == "otherwise" && value.is_number()) {
                amount.otherwise = value;
            } else {
                wrong(
                    "it has \"param\" and \"measure\", text; \"from\" and \"otherwise\", "
                    "numbers; \"by_power\", true or false");
            }
        }
        if (!about.params.value("properties", Json::object()).contains(amount.param))
            wrong("\"params\" has no such parameter");
        if (about.scales != "magnitude") wrong("\"scales\" is not \"magnitude\"");
        amounts.push_back(std::move(amount));
    }
    return amounts;
}

Json parse(const char* text) {
    if (text == nullptr) throw Error(ErrorKind::plugin, "describe() returned no text");
    try {
        auto document = Json::parse(text);
        if (!document.is_object())
            throw Error(ErrorKind::plugin, "describe() is not a JSON object");
        return document;
    } catch (const Json::exception& e) {
        throw Error(ErrorKind::plugin, fmt::format("describe() is not JSON: {}", e.what()));
    }
}

}  // namespace

const char* name_of(Unit unit) {
    switch (unit) {
        case Unit::row:
            return "row";
        case Unit::cell:
            return "cell";
        case Unit::batch:
            return "batch";
        case Unit::block:
            return "block";
        case Unit::column:
            return "column";
        case Unit::file:
            return "file";
        case Unit::record:
            return "record";
        case Unit::byte:
            return "byte";
        case Unit::call:
            return "call";
    }
    return "?";
}

const char* name_of(Dose dose) {
    return dose == Dose::binary ? "binary" : "continuous";
}

Description parse_description(const char* text) {
    Description about;
    about.document = parse(text);
    Reader reader(about.document);
    about.name = reader.text("name");
    if (!about.name.empty() && !is_name(about.name))
        reader.wrong("name \"{}\" is not lower-case letters, digits and _, beginning with a letter",
                     about.name);
    about.version = reader.text("version");
    about.summary = reader.text("summary");
    // Other words by which people look for it: read by the search alone.
    reader.texts("keywords");
    about.group = reader.text("group");
    about.dose = reader.one_of("dose", {"continuous", "binary"}) == "binary" ? Dose::binary
                                                                             : Dose::continuous;
    std::vector<std::string> units;
    for (const auto candidate : {Unit::row, Unit::cell, Unit::batch, Unit::block, Unit::column,
                                 Unit::file, Unit::record, Unit::byte, Unit::call})
        units.emplace_back(name_of(candidate));
    const auto unit = reader.one_of("unit", units);
    for (const auto candidate : {Unit::row, Unit::cell, Unit::batch, Unit::block, Unit::column,
                                 Unit::file, Unit::record, Unit::byte, Unit::call})
        if (unit == name_of(candidate)) about.unit = candidate;
    about.draws = reader.flag("draws", false);
    about.at_severity_1 = reader.text("at_severity_1");
    about.scales = reader.one_of("scales", {"fraction", "magnitude", "nothing"});
    if ((about.scales == "nothing") != (about.dose == Dose::binary))
        reader.wrong("\"scales\" is \"nothing\" for a binary dose and for no other");
    about.accepts = reader.some_of("accepts", column_types());
    about.needs_columns = reader.flag("needs_columns", false);
    if (about.needs_columns && about.accepts.empty())
        reader.wrong("\"needs_columns\" without \"accepts\"");
    about.selects = reader.flag("selects", true);
    if (about.scales == "fraction" && !about.selects)
        reader.wrong("\"scales\" is \"fraction\" although \"selects\" is false");
    about.doses_rows = reader.flag("doses_rows", false);
    if (about.doses_rows && (about.scales != "magnitude" || !about.selects))
        reader.wrong("\"doses_rows\" goes with \"scales\": \"magnitude\" and a selection");
    const auto keeps = reader.some_of("keeps", {"schema", "rows", "order"});
    const auto has = [&](const char* what) {
        return std::find(keeps.begin(), keeps.end(), what) != keeps.end();
    };
    about.keeps_schema = has("schema");
    about.keeps_rows = has("rows");
    about.keeps_order = has("order");
    about.benign = reader.flag("benign", false);
    about.formats = reader.some_of("formats", {"csv", "json", "parquet"});
    about.hangs = reader.flag("hangs", false);
    about.uniforms = reader.count("uniforms");
    about.params = reader.value("params", Json::value_t::object, true);
    check_params(reader, about.params, about.selects, !about.accepts.empty());
    about.amounts = amounts_of(reader, about);
    about.selection_defaults = reader.value("defaults", Json::value_t::object, false);
    for (const auto& [key, unused] : about.selection_defaults.items())
        if (std::find(selection_keys().begin(), selection_keys().end(), key) ==
            selection_keys().end())
            reader.wrong("\"defaults\" holds \"{}\", which is no key of the selection", key);
    const auto suggest = reader.value("suggest", Json::value_t::object, false);
    for (const auto& [key, value] : suggest.items())
        if (!(key == "params" && value.is_object()) && !(key == "why" && value.is_string()))
            reader.wrong(
                "\"suggest\" holds \"{}\": it has \"params\", an object, and \"why\", text", key);
    about.examples = reader.value("examples", Json::value_t::array, true);
    if (about.examples.empty()) reader.wrong("\"examples\" is empty");
    for (const auto& example : about.examples)
        if (!example.is_object()) reader.wrong("\"examples\" holds something that is no object");
    reader.finish();
    return about;
}

}  // namespace faultline::plugin
