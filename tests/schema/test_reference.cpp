#include <catch2/catch.hpp>
#include <set>

#include "../documents/corpus.h"
#include "model/scenario.h"

using namespace faultline;

namespace {

/// The names of all properties that a schema describes, at any depth.
void gather_properties(const corpus::Json& schema, std::set<std::string>& names) {
    if (schema.is_array())
        for (const auto& element : schema) gather_properties(element, names);
    if (!schema.is_object()) return;
    for (const auto& [key, value] : schema.items()) {
        if (key == "properties")
            for (const auto& [name, described] : value.items()) names.insert(name);
        // Values under these keys are data, not schemas.
        if (key != "examples" && key != "default" && key != "const")
            gather_properties(value, names);
    }
}

/// The texts between ```json and ```.
std::vector<std::string> json_blocks(const std::string& page) {
    const std::string opening = "```json\n";
    std::vector<std::string> blocks;
    for (std::size_t at = page.find(opening); at != std::string::npos;
         at = page.find(opening, at)) {
        at += opening.size();
        const std::size_t end = page.find("```", at);
        blocks.push_back(page.substr(at, end - at));
        at = end;
    }
    return blocks;
}

}  // namespace

TEST_CASE("the reference pages name every key that the schemas know") {
    for (const std::string kind : {"pipeline", "scenario"}) {
        const std::string page = corpus::read_file("docs/" + kind + "-reference.md");
        std::set<std::string> names;
        gather_properties(corpus::parse(corpus::read_file("docs/schema/" + kind + ".schema.json")),
                          names);
        CHECK(names.size() > 20);
        for (const auto& name : names) {
            INFO(kind << ": " << name);
            CHECK(page.find("`" + name + "`") != std::string::npos);
        }
    }
}

TEST_CASE("whole documents on the reference pages are read without a complaint") {
    std::size_t whole = 0;
    for (const std::string kind : {"pipeline", "scenario"})
        for (const auto& block : json_blocks(corpus::read_file("docs/" + kind + "-reference.md"))) {
            INFO(block);
            const auto document = corpus::parse(block);
            if (!document.contains("faultline")) continue;
            ++whole;
            if (document["faultline"] == "pipeline/1") {
                CHECK_NOTHROW(model::parse_pipeline(block, "example.json"));
            } else {
                CHECK_NOTHROW(model::parse_scenario(block, "example.json"));
            }
        }
    CHECK(whole >= 2);
}
