#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "core/json_pointer.h"
#include "plugin/along.h"
#include "plugin/params.h"

namespace faultline::plugin {
namespace {

/// valijson's first complaint about `value`, or empty when it fits.
std::string complaint(const Json& schema_text, const Json& value) {
    const auto plain_schema = nlohmann::json::parse(schema_text.dump());
    const auto plain_value = nlohmann::json::parse(value.dump());
    valijson::Schema schema;
    valijson::SchemaParser(valijson::SchemaParser::kDraft7)
        .populateSchema(valijson::adapters::NlohmannJsonAdapter(plain_schema), schema);
    valijson::ValidationResults results;
    valijson::Validator validator;
    if (validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(plain_value), &results))
        return {};
    valijson::ValidationResults::Error error;
    return results.popError(error) ? error.description : "does not fit its schema";
}

/// A property's schema in words.
std::string expectation(const Json& property) {
    if (property.contains("enum")) {
        std::vector<std::string> values;
        for (const auto& value : property["enum"]) values.push_back(value.dump());
        return fmt::format("one of {}", fmt::join(values, ", "));
    }
    std::vector<std::string> parts;
    const auto& type = property["type"];
    if (type.is_array()) {
        std::vector<std::string> names;
        for (const auto& name : type) names.push_back(name.get<std::string>());
        parts.push_back(fmt::format("{}", fmt::join(names, " or ")));
    } else {
        parts.push_back(type.get<std::string>());
    }
    const auto bound = [&](const char* key, const char* words) {
        if (property.contains(key))
            parts.push_back(fmt::format("{} {}", words, property[key].dump()));
    };
    bound("minimum", "at least");
    bound("exclusiveMinimum", "above");
    bound("maximum", "at most");
    bound("exclusiveMaximum", "below");
    bound("minLength", "length at least");
    bound("minItems", "items at least");
    bound("pattern", "matching");
    return fmt::format("{}", fmt::join(parts, ", "));
}

/// Of a schema that wants any one of several properties: which. Empty where it says otherwise.
std::vector<std::string> alternatives(const Json& schema) {
    std::vector<std::string> names;
    for (const auto& option : schema.value("anyOf", Json::array())) {
        const auto required = option.value("required", Json::array());
        if (option.size() != 1 || required.size() != 1) return {};
        names.push_back(required.at(0).get<std::string>());
    }
    return names;
}

/// Why a parameter would be read by nobody ("no "keep" unless mode is truncate"), or nothing where
/// it is read: "goes_with" in its schema says which values of others it needs, null for not set.
std::string idle_because(const std::string& name, const Json& property, const Json& own) {
    const auto needs = property.value("goes_with", Json::object());
    for (const auto& [other, values] : needs.items()) {
        const Json found = own.contains(other) ? own[other] : Json();
        if (std::find(values.begin(), values.end(), found) != values.end()) continue;
        if (values == Json::array({nullptr}))
            return fmt::format("no \"{}\" beside \"{}\", which says it all", name, other);
        std::vector<std::string> texts;
        for (const auto& value : values)
            texts.push_back(value.is_string() ? value.get<std::string>() : value.dump());
        return fmt::format("no \"{}\" unless {} is {}", name, other, fmt::join(texts, " or "));
    }
    return {};
}

std::string shortened(const Json& value) {
    auto text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (text.size() > 80) text = text.substr(0, 77) + "...";
    return text;
}

}  // namespace

Json read_own_params(const Description& about, const Json& params, const Place& place,
                     const std::string& mapped, std::vector<Problem>& problems) {
    const auto properties = about.params.value("properties", Json::object());
    auto known = admitted_keys(about);
    for (const auto& [name, unused] : properties.items()) known.push_back(name);

    Json own = Json::object();
    bool sound = true;
    for (const auto& [key, value] : params.items()) {
        const auto at = pointer_to(place.pointer, key);
        if (std::find(known.begin(), known.end(), key) == known.end()) {
            problems.push_back(
                {place.file, at, fmt::format("parameter \"{}\"", key),
                 key == "along"
                     ? fmt::format("no \"along\": {}", cannot_follow(about))
                     : fmt::format("a parameter of {}: {}", about.name, fmt::join(known, ", ")),
                 key == "along" ? "" : nearest_name(key, known)});
            continue;
        }
        if (!properties.contains(key)) continue;
        own[key] = value;
        // Null is how to say "not set" where that is the default.
        if (value.is_null() && properties[key].contains("default") &&
            properties[key]["default"].is_null()) {
            own.erase(key);
        } else if (!complaint(properties[key], value).empty()) {
            sound = false;
            problems.push_back(
                {place.file, at, shortened(value), expectation(properties[key]), ""});
        }
    }
    for (const auto& [name, property] : properties.items())
        if (!own.contains(name) && property.contains("default") && !property["default"].is_null())
            own[name] = property["default"];
    // A parameter that is stated and that nobody reads is a fault other than the one that was
    // meant.
    for (const auto& [key, value] : params.items())
        if (sound && properties.contains(key) && !value.is_null())
            if (const auto idle = idle_because(key, properties[key], own); !idle.empty())
                problems.push_back(
                    {place.file, pointer_to(place.pointer, key), shortened(value), idle, ""});
    for (const auto& name : about.params.value("required", Json::array())) {
        const auto text = name.get<std::string>();
        if (own.contains(text) || text == mapped) continue;
        sound = false;
        problems.push_back(
            {place.file, place.pointer, fmt::format("no \"{}\"", text),
             fmt::format("\"{}\": {}", text, properties[text].value("description", "")), ""});
    }
    // What no single property says: dependencies, anyOf and the like.
    if (sound && mapped.empty())
        if (const auto whole = complaint(about.params, own); !whole.empty()) {
            const auto one_of = alternatives(about.params);
            const bool none =
                std::none_of(one_of.begin(), one_of.end(),
                             [&](const std::string& name) { return own.contains(name); });
            problems.push_back({place.file, place.pointer, shortened(params),
                                one_of.empty() || !none
                                    ? whole
                                    : fmt::format("at least one of {}", fmt::join(one_of, ", ")),
                                ""});
        }
    return own;
}

}  // namespace faultline::plugin
