#include <catch2/catch.hpp>

#include "report/sections.h"

using namespace faultline;
using namespace faultline::report;

namespace {

findings::Result guarded() {
    findings::Result result;
    findings::Guard guard;
    guard.text = "mean of price in orders between 10 and 14";
    guard.node = "orders";
    guard.covers = {"dearer", "bad\x1b[31mname"};
    guard.caught = 7;
    guard.seen = 8;
    guard.power_low = 0.47;
    guard.power_high = 0.997;
    guard.harmless = 12;
    guard.held_out = 8;
    guard.caution = "widen it as you know your data";
    result.guards.proposed = {guard};
    result.guards.at_output = guard;
    result.guards.silent_trials = 9;
    result.guards.covered_trials = 7;
    result.guards.score_before = 0.2;
    result.guards.score_after = 0.9;
    result.guards.out_of_reach = {"mixed_up"};
    findings::Travel travel;
    travel.perturbation = "fewer";
    travel.node = "lines";
    travel.stations = {{"lines", 0, 0.05, "rows −5 %", 1, std::nullopt},
                       {"sales", 1, 0.2, "rows −20 %", 1, 1.5}};
    travel.absorbed_at = {"stock"};
    travel.amplified_at = {"sales"};
    result.travel = {travel};
    return result;
}

std::string text_of(std::string (*section)(const Page&), const findings::Result& result) {
    const TerminalStyle style{false, 100, "out"};
    return section({result, style, Paint(false)});
}

}  // namespace

TEST_CASE("Guards are told with what they catch, what they cost and what to paste") {
    const std::string text = text_of(guards_section, guarded());
    for (const char* part :
         {"Guards to add", "mean of price in orders between 10 and 14",
          "7 of 8 trials [0.47, 0.997]", "0 of 12 harmless runs", "widen it as you know your data",
          "out of reach of any simple guard: mixed_up", "together 7 of 9 silent trials",
          "out/guards.json", "--rerun"}) {
        INFO(part << "\n" << text);
        CHECK(text.find(part) != std::string::npos);
    }
    CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("Nothing silent, nothing said; nothing found, that is said") {
    findings::Result result;
    CHECK(text_of(guards_section, result).empty());
    CHECK(text_of(travel_section, result).empty());
    result.guards.silent_trials = 3;
    result.guards.note = "no simple guard tells the silent trials from the harmless ones";
    CHECK(text_of(guards_section, result).find(result.guards.note) != std::string::npos);
}

TEST_CASE("Where faults end and where they grow") {
    const std::string text = text_of(travel_section, guarded());
    CHECK(text.find("fewer on lines: absorbed at stock, and grows most at sales (rows −20 %)") !=
          std::string::npos);
}
