#include <catch2/catch.hpp>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "bench.h"

using namespace faultline;
using namespace faultline::plugin;

namespace {

std::vector<std::string> all_of(const std::string& text, const char* pattern) {
    const std::regex shape(pattern);
    std::vector<std::string> out;
    for (std::sregex_iterator at(text.begin(), text.end(), shape), end; at != end; ++at)
        out.push_back((*at)[1]);
    return out;
}

}  // namespace

TEST_CASE("every plugin and its parameters on the page of coverage can be written so") {
    std::ifstream in(std::filesystem::path(FAULTLINE_SOURCE_DIR) / "docs/catalogue-coverage.md");
    REQUIRE(in);
    int pairs = 0;
    std::set<std::string> named;
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with("| ") || line.find("| `") == std::string::npos) continue;
        INFO(line);
        const auto plugins = all_of(line, "\\| `([a-z_]+)` \\|");
        REQUIRE(plugins.size() == 1);
        const auto params = all_of(line, "`(\\{[^`]*\\})`");
        CHECK_FALSE(params.empty());
        for (const auto& text : params) {
            CHECK_NOTHROW(Bench::fault(plugins[0], text));
            ++pairs;
        }
        named.insert(plugins[0]);
    }
    CHECK(pairs > 100);
    // A new plugin has its place on the page, in a table or by name.
    in.clear();
    in.seekg(0);
    std::stringstream page;
    page << in.rdbuf();
    for (const auto* plugin : Bench::registry().plugins()) {
        INFO(plugin->about().name);
        CHECK(page.str().find("`" + plugin->about().name + "`") != std::string::npos);
    }
}
