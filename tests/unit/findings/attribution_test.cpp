#include <catch2/catch.hpp>
#include <cmath>

#include "journals.h"

using namespace faultline::findings;
using namespace faultline::findings::test;

TEST_CASE("Effects and damages of replicates, by hand") {
    Journals by_hand = journals_of({{"late", "orders"}});
    for (const double change : {30.0, 34.0, 38.0, 42.0})
        by_hand.add("late", Outcome::silent, {{1000 - change, 100, 50}});
    const Result result = by_hand.conclude();

    // Mean −36, s = 5.164, t(0.975, 3) = 3.182446305: half width 8.217.
    const double half = 3.182446305284263 * std::sqrt(80.0 / 3) / 2;
    const auto effect = row(result, "late", "effect", "revenue", north);
    REQUIRE(effect);
    CHECK(*effect->estimate == Approx(-36));
    CHECK(*effect->low == Approx(-36 - half));
    CHECK(*effect->high == Approx(-36 + half));
    CHECK(effect->node == "orders");
    CHECK(effect->unit == "metric");
    CHECK(effect->severity == 1);
    CHECK_FALSE(effect->conditional);

    // 2 % of 1000 is wider than 10: the damage is the change in twenties.
    const auto damage = row(result, "late", "damage", "revenue", north);
    CHECK(*damage->estimate == Approx(1.8));
    CHECK(*damage->low == Approx(1.8 - half / 20));
    CHECK(damage->unit == "tolerance");
    // 10 is wider than 2 % of 100, and nothing moved there.
    CHECK(*row(result, "late", "damage", "revenue", south)->estimate == 0);
}

TEST_CASE(
    "A metric that no path leads to is moved by exactly nothing, whatever became of the trials") {
    Journals by_hand = journals_of({{"late", "orders"}, {"lost", "lines"}});
    by_hand.add("late", Outcome::crashed, {});
    by_hand.add("late", Outcome::crashed, {});
    by_hand.add("lost", Outcome::silent, {{1000, 100, 40}});
    const Result result = by_hand.conclude();
    for (const char* index : {"effect", "damage"}) {
        const auto zero = row(result, "late", index, "items");
        REQUIRE(zero);
        CHECK(zero->estimate == 0);
        CHECK(zero->low == 0);
        CHECK(zero->high == 0);
        CHECK_FALSE(zero->conditional);
    }
    const auto crashed = row(result, "late", "effect", "revenue", north);
    CHECK_FALSE(crashed->estimate);
    CHECK_FALSE(crashed->low);
    CHECK(crashed->conditional);
    CHECK(*row(result, "lost", "effect", "items")->estimate == -10);
}

TEST_CASE("A perturbed edge reaches its reader alone") {
    Journals by_hand = journals_of({{"edge", "lines"}});
    by_hand.journal.header.scenario["perturbations"][0]["consumer"] = "stock";
    by_hand.add("edge", Outcome::silent, {{1000, 100, 40}});
    const Result result = by_hand.conclude();
    CHECK(row(result, "edge", "effect", "revenue", north)->high == 0);
    CHECK(*row(result, "edge", "damage", "items")->estimate == 2);
    // What became of the reader says nothing of the node's other readers.
    by_hand.journal.trials[0].outcome = Outcome::crashed;
    by_hand.journal.trials[0].values.clear();
    CHECK(row(by_hand.conclude(), "edge", "effect", "revenue", north)->high == 0);
    CHECK_FALSE(row(by_hand.conclude(), "edge", "effect", "items")->high);
}

TEST_CASE("A fault that does not draw is known exactly after one trial") {
    Journals by_hand = journals_of({{"late", "orders"}}, 4);
    by_hand.add("late", Outcome::silent, {{970, 100, 50}});
    CHECK(*row(by_hand.conclude(), "late", "effect", "revenue", north)->low == -30);
    CHECK(*row(by_hand.conclude(), "late", "crash_rate", "")->high == 0);
    // With one replicate asked for, one trial alone says nothing of it; the header does.
    Journals single = journals_of({{"late", "orders"}}, 1);
    single.add("late", Outcome::silent, {{970, 100, 50}});
    CHECK_FALSE(row(single.conclude(), "late", "effect", "revenue", north)->low);
    single.journal.header.deterministic = {"late"};
    CHECK(*row(single.conclude(), "late", "effect", "revenue", north)->low == -30);
    // Cut off after one of four, nobody knows.
    by_hand.journal.closing.reset();
    CHECK_FALSE(row(by_hand.conclude(), "late", "effect", "revenue", north)->low);
}

TEST_CASE("Series that vanish and series that are new have rates of their own") {
    Journals by_hand = journals_of({{"late", "orders"}});
    by_hand.add("late", Outcome::silent, {{1000, std::nullopt, 50}});
    by_hand.add("late", Outcome::silent, {{1000, 100, 50}}).extra = {
        {{"revenue", {{"region", "W"}}}, 3.0}};
    by_hand.add("late", Outcome::crashed, {});
    by_hand.add("late", Outcome::absorbed, {{1000, 100, 50}});
    const Result result = by_hand.conclude();
    const auto lost = row(result, "late", "lost_rate", "revenue", south);
    REQUIRE(lost);
    CHECK(*lost->estimate == Approx(1.0 / 3));  // of the trials that survived
    CHECK(*lost->low == Approx(1 - std::pow(1 - 0.025, 1.0 / 3)));
    CHECK(lost->conditional);
    CHECK(lost->unit == "share of trials");
    CHECK(*row(result, "late", "new_rate", "revenue", Json{{"region", "W"}})->estimate ==
          Approx(1.0 / 3));
    CHECK_FALSE(row(result, "late", "lost_rate", "revenue", north));
    const auto crash = row(result, "late", "crash_rate", "");
    REQUIRE(crash);
    CHECK(*crash->estimate == 0.25);
    CHECK(crash->segment.is_null());
    CHECK_FALSE(crash->conditional);
    // The effect on what is left is conditional on it being there.
    CHECK(row(result, "late", "effect", "revenue", south)->conditional);
}

TEST_CASE("A number where the base had none is new as well") {
    Journals by_hand = journals_of({{"late", "orders"}});
    by_hand.journal.base->values[1] = std::nullopt;
    by_hand.add("late", Outcome::silent, {{1000, 5, 50}});
    const Result result = by_hand.conclude();
    CHECK(*row(result, "late", "new_rate", "revenue", south)->estimate == 1);
    CHECK_FALSE(row(result, "late", "effect", "revenue", south)->estimate);
    CHECK(result.verdict == "deviated");
}

TEST_CASE("Every severity has its rows, and every perturbation a crash rate") {
    Journals by_hand = journals_of({{"late", "orders"}, {"never", "lines"}});
    by_hand.journal.header.scenario["design"]["levels"] = {1, 0.5};
    by_hand.add("late", Outcome::absorbed, {{1000, 100, 50}}, 1);
    by_hand.add("late", Outcome::absorbed, {{1001, 100, 50}}, 0.5);
    const Result result = by_hand.conclude();
    std::vector<double> severities;
    for (const auto& of_row : result.attribution)
        if (of_row.index == "effect" && of_row.segment == north && of_row.perturbation == "late")
            severities.push_back(*of_row.severity);
    CHECK(severities == std::vector<double>{0.5, 1});
    const auto untried = row(result, "never", "crash_rate", "");
    REQUIRE(untried);
    CHECK_FALSE(untried->estimate);
    CHECK(untried->low == 0);
    CHECK(untried->high == 1);
}
