#include <catch2/catch.hpp>
#include <cstdlib>

#include "file_bench.h"

// As page_test.cpp, for faults of files: a page's "## Example" holds the params; what follows, the
// file before and after, is written by this test with FAULTLINE_WRITE_PAGES=1 in its environment.

using namespace faultline;
using namespace faultline::plugin;

namespace {

const char* const heading = "## Example\n";

const char* const orders_csv =
    "id,city,price,note\n"
    "1,Zürich,19.90,gift wrap\n"
    "2,Oslo,249.00,\"ring, twice\"\n"
    "3,Paris,7.49,\"say \"\"bonjour\"\"\"\n"
    "4,Málaga,55.00,fragile\n"
    "5,Rome,120.25,\n"
    "6,Berlin,33.30,leave at door\n";

const char* const orders_json =
    "{\"id\": 1, \"city\": \"Zürich\", \"price\": 19.9, \"note\": \"gift wrap\"}\n"
    "{\"id\": 2, \"city\": \"Oslo\", \"price\": 249, \"note\": null}\n"
    "{\"id\": 3, \"city\": \"Paris\", \"price\": 7.49, \"note\": \"fragile\"}\n"
    "{\"id\": 4, \"city\": \"Málaga\", \"price\": 55, \"note\": \"call\"}\n"
    "{\"id\": 5, \"city\": \"Rome\", \"price\": 120.25, \"note\": \"ring\"}\n";

/// Bytes that a page cannot show are written as their number.
std::string shown(const std::string& text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        std::size_t length = lead < 0xC2 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        bool whole = at + length <= text.size();
        for (std::size_t i = 1; whole && i < length; ++i) whole = (text[at + i] & 0xC0) == 0x80;
        if (!whole) length = 1;
        const bool mark = text.substr(at, 3) == "\xEF\xBB\xBF";
        const bool c1 =
            length == 2 && lead == 0xC2 && static_cast<unsigned char>(text[at + 1]) < 0xA0;
        const bool plain =
            lead == '\n' || (lead >= 0x20 && lead < 0x7F) || (length > 1 && whole && !mark && !c1);
        if (plain)
            out += text.substr(at, length);
        else
            for (std::size_t i = 0; i < length; ++i)
                out += fmt::format("<{:02X}>", static_cast<unsigned char>(text[at + i]));
        at += length;
    }
    if (text.empty()) return "(no bytes)\n";
    return out.ends_with('\n') ? out : out + "\n";
}

std::string json_of(const std::string& section) {
    const auto begin = section.find("```json\n") + 8;
    REQUIRE(begin >= 8);
    return section.substr(begin, section.find("\n```", begin) - begin);
}

std::string section(const Plugin& plugin, const std::string& now) {
    const auto& formats = plugin.about().formats;
    const bool json = formats == std::vector<std::string>{"json"};
    const auto params = json_of(now);
    const std::string before = json ? orders_json : orders_csv;
    FileBench bench({{json ? "orders.json" : "orders.csv", before}},
                    json ? model::FileFormat::json : model::FileFormat::csv);
    bench.survey();
    const auto out = bench.apply(Bench::fault(plugin.about().name, params));
    const auto after = FileBench::text(out);
    return fmt::format(
        "{}\n```json\n{}\n```\n\nBefore:\n\n```text\n{}```\n\nAfter, at severity "
        "1:\n\n```text\n{}```\n\nAnswer key: `{}`\n",
        heading, params, before, after == "(gone)" ? "(no such file)\n" : shown(after),
        out.answer_keys[0].to_json().dump());
}

}  // namespace

TEST_CASE("the examples on the pages of file faults are what comes out") {
    const bool write = std::getenv("FAULTLINE_WRITE_PAGES") != nullptr;
    int pages = 0;
    for (const auto* plugin : Bench::registry().plugins()) {
        if (!plugin->about().has_file) continue;
        const auto file = std::filesystem::path(FAULTLINE_SOURCE_DIR) / "plugins" /
                          plugin->about().name / "README.md";
        INFO(plugin->about().name);
        REQUIRE(std::filesystem::exists(file));
        const auto text = FileBench::text(file);
        const auto begin = text.find(heading);
        REQUIRE(begin != std::string::npos);
        ++pages;
        const auto end = std::min(text.find("\n## ", begin + 1), text.size());
        const auto must = section(*plugin, text.substr(begin, end - begin));
        if (write)
            std::ofstream(file) << text.substr(0, begin) << must << text.substr(end);
        else
            CHECK(text.substr(begin, end - begin) == must);
    }
    CHECK(pages >= 14);
}
