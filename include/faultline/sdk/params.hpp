#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace faultline::sdk {

/// A parameter whose default is null: its value where the user stated one.
template <class T>
std::optional<T> stated(const nlohmann::json& params, const char* name) {
    return params.contains(name) ? std::optional(params.at(name).get<T>()) : std::nullopt;
}

/// A parameter that may be text, a number or true and false: as text that a cast understands.
inline std::optional<std::string> stated_value(const nlohmann::json& params, const char* name) {
    if (!params.contains(name)) return std::nullopt;
    const auto& value = params.at(name);
    return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace faultline::sdk
