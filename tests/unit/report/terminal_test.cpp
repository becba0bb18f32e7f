#include "report/terminal.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "approved.h"
#include "report/display_text.h"
#include "sample_results.h"

namespace faultline::report {
namespace {

TEST_CASE("The report as people see it") {
    const auto all = everything_happened();
    require_approved("everything_100", terminal_report(all, {false, 100, "runs/shops/3"}));
    require_approved("everything_60", terminal_report(all, {false, 60, "runs/shops/3"}));
    require_approved("everything_colour", terminal_report(all, {true, 140, {}}));
    require_approved("nothing", terminal_report(nothing_happened(), {false, 100, {}}));
    require_approved("hostile", terminal_report(hostile_names(), {false, 100, {}}));
}

TEST_CASE("No name and no message can write to the terminal") {
    for (const unsigned width : {40u, 100u, 400u}) {
        const std::string text = terminal_report(hostile_names(), {false, width, "runs\x1b[2J"});
        for (const char c : text) {
            const auto byte = static_cast<unsigned char>(c);
            REQUIRE((byte >= 0x20 || c == '\n'));
            REQUIRE(byte != 0x7F);
        }
        CHECK(text.find("\xe2\x80\xae") == std::string::npos);  // right-to-left override
        CHECK(text.find("gotcha") != std::string::npos);        // shown, not hidden
        CHECK(shown(text.substr(0, text.find('\n'))) == text.substr(0, text.find('\n')));
    }
}

TEST_CASE("Colour adds escape sequences and changes nothing else") {
    const auto result = everything_happened();
    const std::string plain = terminal_report(result, {false, 100, "out"});
    std::string coloured = terminal_report(result, {true, 100, "out"});
    CHECK(plain.find('\x1b') == std::string::npos);
    REQUIRE(coloured.find('\x1b') != std::string::npos);
    for (std::size_t at; (at = coloured.find('\x1b')) != std::string::npos;)
        coloured.erase(at, coloured.find('m', at) - at + 1);
    CHECK(coloured == plain);
}

TEST_CASE("Lines keep to the width where words allow it") {
    for (const unsigned width : {80u, 100u, 160u}) {
        std::istringstream lines(terminal_report(everything_happened(), {false, width, {}}));
        for (std::string line; std::getline(lines, line);) {
            INFO(line);
            CHECK(width_of(line) <= width);
            CHECK((line.empty() || line.back() != ' '));
        }
    }
}

TEST_CASE("Nothing of a ranked node is cut off") {
    const auto result = everything_happened();
    for (const unsigned width : {80u, 100u, 140u}) {
        const std::string text = terminal_report(result, {false, width, {}});
        const auto begin = text.find("\nNodes by damage");
        std::string ranking = text.substr(begin, text.find("\nSilent failures") - begin);
        CHECK(ranking.find("…") == std::string::npos);
        std::string joined;  // as if no line had been broken
        for (const char c : ranking)
            if (c != '\n' && !(c == ' ' && !joined.empty() && joined.back() == ' ')) joined += c;
        for (const char* essential :
             {"a_node_with_quite_a_long_name_indeed", "sales-platform", "[11.9, 12.8]",
              "32 silent, 1 crashed, 4 absorbed", "rates_renamed crashes 1 of 1",
              "shut crashes 48 of 48 and 2 others do too", "96 crashed, 4 timed out",
              "zeroed moves orders, makes revenue[territory=APAC] vanish",
              "rates_off moves revenue[territory=EMEA, month=7]"}) {
            INFO(width << ": " << essential);
            CHECK(joined.find(essential) != std::string::npos);
        }
    }
}

TEST_CASE("Long messages end with a sentence or a word, and say that there is more") {
    const std::string text = terminal_report(everything_happened(), {false, 400, {}});
    CHECK(text.find("You might need to add explicit type casts. … (3 trials") != std::string::npos);
    CHECK(text.find("Candidate bindings: \"product_code\" (95") != std::string::npos);
    CHECK(text.find("word word … (1 trial, replay 111)") != std::string::npos);
    CHECK(text.find("Candidate functions") == std::string::npos);
    CHECK(text.find("\\t") == std::string::npos);
}

TEST_CASE("Five reasons at most, and how many more there are") {
    auto result = everything_happened();
    result.reasons = {"one", "two", "three", "four", "five", "six", "seven"};
    const std::string text = terminal_report(result, {false, 100, {}});
    CHECK(text.find("five") != std::string::npos);
    CHECK(text.find("six") == std::string::npos);
    CHECK(text.find("· and 2 more in result.json") != std::string::npos);
}

TEST_CASE("A long list ends with how many more there are") {
    auto result = everything_happened();
    const auto one = result.silent.front();
    result.silent.assign(40, one);
    const std::string text = terminal_report(result, {false, 100, {}});
    CHECK(text.find("and 28 more in result.json") != std::string::npos);
}

}  // namespace
}  // namespace faultline::report
