#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

/// The documents in this folder: valid ones, and malformed ones as changes to a small valid one.
/// Shared by the parser's tests and by the test that the JSON Schemas say the same.
namespace corpus {

using Json = nlohmann::ordered_json;

inline std::string read_file(const std::string& name) {
    std::ifstream in(std::string(FAULTLINE_SOURCE_DIR) + "/" + name, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + name);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

inline std::string document(const std::string& name) {
    return read_file("tests/documents/" + name);
}

inline Json parse(const std::string& text) {
    return Json::parse(text, nullptr, /*allow_exceptions=*/true, /*ignore_comments=*/true);
}

struct Case {
    std::string name;
    std::string text;
    std::string pointer;      ///< where a problem must be reported
    std::string says;         ///< part of that problem's message
    std::string only_parser;  ///< why a schema cannot refuse it; empty: it must
};

inline std::string swapped(std::string text, const Json& pair) {
    const auto& from = pair[0].get_ref<const std::string&>();
    const std::size_t position = text.find(from);
    if (position == std::string::npos) throw std::runtime_error("nothing to swap: " + from);
    return text.replace(position, from.size(), pair[1].get<std::string>());
}

inline std::string changed(const std::string& base, const Json& change) {
    if (change.contains("text")) return change["text"].get<std::string>();
    if (change.contains("swap")) {
        const std::string text = swapped(base, change["swap"]);
        return change.contains("and") ? swapped(text, change["and"]) : text;
    }
    Json document = parse(base);
    const Json::json_pointer at(change["at"].get<std::string>());
    Json& parent = document.at(at.parent_pointer());
    const std::string& key = at.back();
    if (change.contains("drop")) {
        parent.erase(key);
    } else if (change.contains("rename")) {
        parent[change["rename"].get<std::string>()] = parent.at(key);
        parent.erase(key);
    } else {
        document[at] = change["value"];
    }
    return document.dump();
}

/// `kind` is "pipeline" or "scenario".
inline std::vector<Case> malformed(const std::string& kind) {
    const std::string base = document("small." + kind + ".json");
    std::vector<Case> cases;
    for (const Json& entry : parse(document("malformed." + kind + ".json"))) {
        Case one;
        one.name = entry["case"].get<std::string>();
        one.text = changed(base, entry);
        one.pointer = entry["pointer"].get<std::string>();
        one.says = entry["says"].get<std::string>();
        one.only_parser = entry.value("only_parser", "");
        cases.push_back(std::move(one));
    }
    return cases;
}

}  // namespace corpus
