#include <catch2/catch.hpp>

#include "findings/exit_code.h"
#include "journals.h"

using namespace faultline::findings;
using namespace faultline::findings::test;

namespace {

Journals with_changes(std::initializer_list<double> changes, Outcome outcome = Outcome::absorbed) {
    Journals by_hand = journals_of({{"late", "orders"}});
    for (const double change : changes) by_hand.add("late", outcome, {{1000 + change, 100, 50}});
    return by_hand;
}

}  // namespace

TEST_CASE("Held: every interval is below one tolerance") {
    const Result result = with_changes({1, 2, 3, 2}).conclude();
    CHECK(result.verdict == "held");
    CHECK(result.reasons.empty());
    CHECK(exit_code(result) == 0);
}

TEST_CASE("Deviated: a damage's lower bound exceeds one tolerance") {
    const Result result = with_changes({60, 61, 62, 60}, Outcome::silent).conclude();
    CHECK(result.verdict == "deviated");
    REQUIRE(result.reasons.size() == 1);
    CHECK_THAT(
        result.reasons[0],
        Catch::Contains("late on orders moves revenue[region=N] by 3.04 tolerances (2.96 to"));
    CHECK(exit_code(result) == 1);
}

TEST_CASE("Unknown: an interval contains one tolerance") {
    const Result result = with_changes({15, 35, 19, 27}, Outcome::silent).conclude();
    CHECK(result.verdict == "unknown");
    CHECK_THAT(result.reasons.at(0), Catch::Contains("more replicates"));
    CHECK(exit_code(result) == 2);
}

TEST_CASE("An exact damage of one tolerance is within it") {
    Journals by_hand = journals_of({{"late", "orders"}});
    by_hand.add("late", Outcome::absorbed, {{1020, 100, 50}});
    CHECK(by_hand.conclude().verdict == "held");
}

TEST_CASE("Held on average says so when single trials did not") {
    const Result result = [] {
        Journals by_hand = with_changes({1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
        by_hand.add("late", Outcome::silent, {{1030, 100, 50}});
        return by_hand.conclude();
    }();
    CHECK(result.verdict == "held");
    CHECK_THAT(result.reasons.at(0),
               Catch::Contains("held on average") && Catch::Contains("1 of 16 trials"));
}

TEST_CASE("Deviated: anything crashed, timed out, vanished or appeared") {
    auto crashed = with_changes({1, 2, 1});
    crashed.add("late", Outcome::crashed, {});
    CHECK(crashed.conclude().verdict == "deviated");
    CHECK_THAT(crashed.conclude().reasons.at(0),
               Catch::Contains("crashes in 1 of 4 trials, first at sales"));

    auto late = with_changes({1, 2, 1});
    late.add("late", Outcome::timed_out, {});
    CHECK_THAT(late.conclude().reasons.at(0), Catch::Contains("runs out of time"));

    auto lost = with_changes({1, 2, 1});
    lost.add("late", Outcome::silent, {{1000, std::nullopt, 50}});
    CHECK(lost.conclude().verdict == "deviated");
    CHECK_THAT(lost.conclude().reasons.at(0),
               Catch::Contains("loses revenue[region=S] in 1 of 4 trials"));

    auto fresh = with_changes({1, 2, 1});
    fresh.add("late", Outcome::silent, {{1000, 100, 50}}).extra = {
        {{"revenue", {{"region", "W"}}}, 1.0}};
    CHECK(fresh.conclude().verdict == "deviated");
}

TEST_CASE("Deviated: one reason a perturbation, the worst first") {
    auto by_hand = journals_of({{"crash", "orders"}, {"both", "lines"}, {"far", "orders"}});
    by_hand.add("crash", Outcome::crashed, {});
    by_hand.add("both", Outcome::silent, {{std::nullopt, 130, 60}}).extra = {
        {{"revenue", {{"region", "W"}}}, 1.0}};
    by_hand.add("far", Outcome::silent, {{9000, 100, 50}});
    const auto reasons = by_hand.conclude().reasons;
    REQUIRE(reasons.size() == 3);
    CHECK(reasons[0] == "far on orders moves revenue[region=N] by 400 tolerances");
    CHECK(reasons[1] ==
          "both on lines loses revenue[region=N], makes revenue[region=W] appear, and moves "
          "revenue[region=S] by 3 tolerances and 1 more beyond its own");
    CHECK(reasons[2] == "crash on orders crashes at sales");
}

TEST_CASE(
    "Deviated: of several severities the worst speaks, and the lowest that deviates is named") {
    auto by_hand = journals_of({{"late", "orders"}});
    by_hand.journal.header.scenario["design"]["levels"] = {0.25, 0.5, 1};
    by_hand.add("late", Outcome::absorbed, {{1001, 100, 50}}, 0.25);
    by_hand.add("late", Outcome::silent, {{1040, 100, 50}}, 0.5);
    by_hand.add("late", Outcome::silent, {{1100, 100, 50}}, 1);
    const auto reasons = by_hand.conclude().reasons;
    REQUIRE(reasons.size() == 1);
    CHECK(reasons[0] ==
          "late on orders at severity 1 moves revenue[region=N] by 5 tolerances; severity 0.5 is "
          "enough to deviate");
}

TEST_CASE("Unknown: a fault at full severity that changed nothing is no pass") {
    auto idle = with_changes({1, 2, 1});
    idle.add("late", Outcome::not_applied, {});
    CHECK(idle.conclude().verdict == "unknown");
    CHECK_THAT(idle.conclude().reasons.at(0), Catch::Contains("changed nothing in 1 of 4 trials"));
    CHECK(idle.conclude().failures.empty());

    auto milder = with_changes({1, 2, 1});
    milder.add("late", Outcome::not_applied, {}, 0.1);
    milder.add("late", Outcome::absorbed, {{1000, 100, 50}}, 0.1);
    milder.add("late", Outcome::absorbed, {{1000, 100, 50}}, 0.1);
    CHECK(milder.conclude().verdict == "held");
    CHECK_THAT(milder.conclude().warnings.at(0),
               Catch::Contains("changed nothing in 1 of 3 trials"));
}

TEST_CASE("Unknown: one trial of a fault that draws has no interval") {
    Journals by_hand = journals_of({{"late", "orders"}}, 1);
    by_hand.add("late", Outcome::absorbed, {{1001, 100, 50}});
    CHECK(by_hand.conclude().verdict == "unknown");
}

TEST_CASE("A run cut off cannot have held, and says how it ended") {
    auto cut = with_changes({1, 2, 3, 2});
    cut.journal.closing.reset();
    CHECK(cut.conclude().status == "interrupted");
    CHECK(cut.conclude().verdict == "unknown");
    CHECK(exit_code(cut.conclude()) == 130);
    cut.journal.closing = faultline::journal::Closing{"failed", "disk full"};
    CHECK(cut.conclude().status == "failed");
    CHECK(exit_code(cut.conclude()) == 4);
    CHECK(cut.conclude().warnings.back() == "disk full");
}

TEST_CASE("Any change breaks a tolerance of zero") {
    auto strict = with_changes({0, 0, 0, 1e-9}, Outcome::silent);
    strict.journal.header.scenario["metrics"][0]["tolerance"] = {{"absolute", 0}};
    const Result result = strict.conclude();
    CHECK(result.verdict == "deviated");
    CHECK(result.ranking.at(0).unbounded);
    CHECK_FALSE(result.ranking.at(0).damage);
    CHECK(to_json(result)["ranking"][0]["damage"].is_null());
}

TEST_CASE("The noise floor widens every tolerance") {
    auto noisy = with_changes({25, 25, 25, 25});
    CHECK(noisy.conclude().verdict == "deviated");
    noisy.journal.base->noise_floor[0] = 50;
    CHECK(noisy.conclude().verdict == "held");
    CHECK(noisy.conclude().noise_floor.at(0).floor == 50);
}
