#include <catch2/catch.hpp>

#include "core/error.h"
#include "journals.h"

using namespace faultline::findings;
using namespace faultline::findings::test;

TEST_CASE("Nodes are ranked by what their worst fault does") {
    Journals by_hand = journals_of(
        {{"a", "orders"}, {"b", "lines"}, {"c", "sales"}, {"d", "stock"}, {"e", "orders"}});
    by_hand.add("a", Outcome::absorbed, {{1010, 100, 50}});         // 0.5
    by_hand.add("b", Outcome::silent, {{1000, 130, 55}});           // 3 of revenue[S], 1 of items
    by_hand.add("c", Outcome::silent, {{1000, std::nullopt, 50}});  // lost a segment: counts as 1
    by_hand.add("d", Outcome::absorbed, {{1000, 100, 50}});         // nothing
    by_hand.add("e", Outcome::absorbed, {{1014, 100, 50}});         // 0.7
    const Result result = by_hand.conclude();
    std::vector<std::string> nodes;
    for (const auto& node : result.ranking) nodes.push_back(node.node);
    CHECK(nodes == std::vector<std::string>{"lines", "sales", "orders", "stock"});
    const Ranked& first = result.ranking[0];
    CHECK(first.damage == 3);
    CHECK(first.worst_metric == "revenue");
    CHECK(first.worst_segment == south);
    CHECK(first.worst_perturbation == "b");
    CHECK(first.outcomes.at("silent") == 1);
    CHECK(result.ranking[2].owner == "platform");
    CHECK(result.ranking[2].worst_perturbation == "e");
    CHECK(*result.ranking[2].damage == Approx(0.7));
    CHECK(result.ranking[2].outcomes.at("absorbed") == 2);
    CHECK(result.ranking[3].damage == 0);
    CHECK(result.ranking[3].worst_metric.empty());
}

TEST_CASE("Unbounded damage comes first, and equals stand in the pipeline's order") {
    Journals by_hand = journals_of({{"s", "stock"}, {"o", "orders"}, {"l", "lines"}});
    by_hand.journal.header.scenario["metrics"][1]["tolerance"] = {{"absolute", 0}};
    by_hand.add("s", Outcome::silent, {{1000, 100, 51}});
    by_hand.add("o", Outcome::silent, {{9000, 100, 50}});
    by_hand.add("l", Outcome::silent, {{9000, 100, 50}});
    const Result result = by_hand.conclude();
    CHECK(result.ranking[0].node == "stock");
    CHECK(result.ranking[0].unbounded);
    CHECK(result.ranking[1].node == "orders");
    CHECK(result.ranking[2].node == "lines");
}

TEST_CASE("Silent failures are named by their worst number") {
    Journals by_hand = journals_of({{"late", "orders"}, {"seen", "lines"}});
    by_hand.add("late", Outcome::silent, {{1030, 100, 50}});
    by_hand.add("late", Outcome::silent, {{1020, 60, 50}});
    by_hand.add("late", Outcome::detected, {{9000, 100, 50}});
    by_hand.add("late", Outcome::absorbed, {{1001, 100, 50}});
    by_hand.add("seen", Outcome::detected, {{9000, 100, 50}});
    const auto result = by_hand.conclude();
    REQUIRE(result.silent.size() == 1);
    CHECK(result.silent[0].perturbation == "late");
    CHECK(result.silent[0].node == "orders");
    CHECK(result.silent[0].trials == 2);
    CHECK(result.silent[0].worst_trial == 1);
    CHECK(result.silent[0].segment == south);
    CHECK(result.silent[0].base == 100);
    CHECK(result.silent[0].value == 60);
    CHECK(result.silent[0].damage == 4);

    CHECK(result.silent[0].vanished.count == 0);
    CHECK(to_json(result)["silent"][0]["vanished"].is_null());
}

TEST_CASE("What a silent failure loses and gains stands beside its worst number") {
    Journals by_hand = journals_of({{"late", "orders"}});
    by_hand.add("late", Outcome::silent, {{1030, 100, 50}});
    by_hand.add("late", Outcome::silent, {{std::nullopt, 60, 50}}).extra = {
        {{"revenue", {{"region", "W"}}}, 3.0}, {{"revenue", {{"region", "X"}}}, 4.0}};
    by_hand.add("late", Outcome::silent, {{std::nullopt, 100, 50}}).extra = {
        {{"revenue", {{"region", "W"}}}, 5.0}};
    Silent silent = by_hand.conclude().silent.at(0);
    CHECK(silent.segment == south);
    CHECK(silent.damage == 4);
    CHECK(silent.worst_trial == 1);
    CHECK(silent.vanished.count == 1);
    CHECK(silent.vanished.segment == north);
    CHECK(silent.vanished.number == 1000);
    CHECK(silent.vanished.trial == 1);
    CHECK(silent.appeared.count == 2);  // W twice is one
    CHECK(silent.appeared.segment == Json{{"region", "W"}});
    CHECK(silent.appeared.number == 3);
    CHECK(to_json(by_hand.conclude())["silent"][0]["appeared"]["count"] == 2);

    // Where no number leaves its tolerance, what came or went is the worst.
    Journals gone = journals_of({{"late", "orders"}});
    gone.add("late", Outcome::silent, {{1001, std::nullopt, 50}});
    silent = gone.conclude().silent.at(0);
    CHECK(silent.segment == south);
    CHECK(silent.base == 100);
    CHECK_FALSE(silent.value);
    CHECK_FALSE(silent.damage);
    Journals came = journals_of({{"late", "orders"}});
    came.journal.base->values[1] = std::nullopt;
    came.add("late", Outcome::silent, {{1001, 7, 50}});
    silent = came.conclude().silent.at(0);
    CHECK(silent.segment == south);
    CHECK_FALSE(silent.base);
    CHECK(silent.value == 7);
    CHECK(silent.appeared.count == 1);
}

TEST_CASE("A node that crashes stands before all that stay within their tolerance") {
    Journals by_hand = journals_of(
        {{"mild", "orders"}, {"renamed", "lines"}, {"benign", "lines"}, {"hard", "stock"}});
    by_hand.add("mild", Outcome::absorbed, {{1010, 100, 50}});  // 0.5
    by_hand.add("renamed", Outcome::crashed, {});
    by_hand.add("benign", Outcome::absorbed, {{1000, 100, 50}});  // 0
    by_hand.add("hard", Outcome::silent, {{1000, 100, 60}});      // 2
    const Result result = by_hand.conclude();
    CHECK(result.ranking[0].node == "stock");
    CHECK(result.ranking[1].node == "lines");
    CHECK(result.ranking[1].damage == 0);
    CHECK(result.ranking[1].outcomes.at("crashed") == 1);
    CHECK(result.ranking[2].node == "orders");
}

TEST_CASE("Failures that are the same are one, with their first trial") {
    Journals by_hand = journals_of({{"late", "orders"}});
    by_hand.add("late", Outcome::absorbed, {{1000, 100, 50}});
    by_hand.add("late", Outcome::crashed, {});
    by_hand.add("late", Outcome::timed_out, {}).failure =
        faultline::journal::Failure{"stock", "step", "late"};
    by_hand.add("late", Outcome::crashed, {});
    const auto result = by_hand.conclude();
    REQUIRE(result.failures.size() == 2);
    CHECK(result.failures[0].message == "no column v");
    CHECK(result.failures[0].count == 2);
    CHECK(result.failures[0].trial == 1);
    CHECK(result.failures[1].node == "stock");
    CHECK(result.trials.at("total") == 4);
    CHECK(result.trials.at("crashed") == 2);
    CHECK(result.trials.at("silent") == 0);
}

TEST_CASE("Checks, answer keys and executions are summed") {
    Journals by_hand = journals_of({{"late", "orders"}});
    by_hand.journal.base->checks["columns:sales"] = {true, false};
    by_hand.add("late", Outcome::detected, {{1030, 100, 50}}).fired = {{"positive", {true, true}}};
    by_hand.add("late", Outcome::detected, {{1030, 100, 50}}).fired = {{"positive", {true, false}}};
    by_hand.add("late", Outcome::absorbed, {{1000, 100, 50}}, 0.5);
    for (auto& trial : by_hand.journal.trials)
        trial.answer_keys.set(
            "late",
            Json::parse(
                R"({"rows_removed": 3, "cells": {"v": 2}, "columns": {"added": ["x"], "reordered": false}})"));
    const auto result = by_hand.conclude();
    REQUIRE(result.checks.size() == 2);
    CHECK(result.checks[0].node == "sales");  // as the pipeline spells it
    CHECK(result.checks[0].fired == 2);
    CHECK(result.checks[0].errored == 1);
    CHECK(result.checks[1].fired_in_base);
    CHECK_THAT(result.warnings.at(0), Catch::Contains("fires without any fault"));
    // At the highest severity alone.
    CHECK(
        result.perturbations.at(0).answer_key.dump() ==
        R"({"trials":2,"rows_removed":6,"cells":{"v":4},"columns":{"added":["x"],"reordered":false}})");
    CHECK(result.perturbations[0].outcomes.at("detected") == 2);
    CHECK(result.run == 6);
}

TEST_CASE("The document has the contract's keys in the contract's order") {
    Journals by_hand = journals_of({{"late", "orders"}});
    by_hand.add("late", Outcome::silent, {{1030, std::nullopt, 50}});
    const Json document = to_json(by_hand.conclude());
    const auto keys = [](const Json& object) {
        std::string all;
        for (const auto& [key, value] : object.items()) all += (all.empty() ? "" : " ") + key;
        return all;
    };
    CHECK_THAT(keys(document),
               Catch::StartsWith("faultline status verdict approximate seed scenario pipeline "
                                 "versions trials executions "
                                 "attribution ranking perturbations checks noise_floor failures"));
    CHECK(keys(document["trials"]) ==
          "total absorbed detected silent false_alarm crashed timed_out not_applied");
    CHECK(keys(document["attribution"][0]) ==
          "metric segment node perturbation with index estimate low high confidence unit "
          "conditional severity");
    CHECK_THAT(keys(document["ranking"][0]),
               Catch::StartsWith("node owner damage low high worst_metric worst_segment outcomes"));
    CHECK(keys(document["perturbations"][0]) == "id node plugin answer_key outcomes");
    CHECK(keys(document["checks"][0]) == "id node fired_in_base fired errored");
    CHECK(document["executions"].dump() == R"({"run":2,"reused":0,"skipped":0})");
    CHECK(document["seed"] == 7);
    CHECK(document["pipeline"] == "shop");
    // No path of the machine it ran on.
    CHECK(document.dump().find("somewhere") == std::string::npos);
}

TEST_CASE("Results survive the journal's round trip to the byte") {
    Journals by_hand = journals_of({{"late", "orders"}});
    for (const double v : {1030.1, 999.7, 1001.3})
        by_hand.add("late", Outcome::silent, {{v, 100 / v, 50}});
    std::string text = to_json(by_hand.journal.header).dump() + "\n" +
                       to_json(*by_hand.journal.base).dump() + "\n";
    for (auto trial = by_hand.journal.trials.rbegin(); trial != by_hand.journal.trials.rend();
         ++trial)
        text += to_json(*trial).dump() + "\n";
    text += to_json(*by_hand.journal.closing).dump() + "\n";
    CHECK(to_json(conclude(faultline::journal::read_text(text, "j"))).dump() ==
          to_json(by_hand.conclude()).dump());
}

TEST_CASE(
    "A journal without its base run has no estimates, and one that contradicts itself is refused") {
    Journals cut = journals_of({{"late", "orders"}});
    cut.journal.base.reset();
    cut.journal.closing.reset();
    CHECK(cut.conclude().status == "interrupted");
    CHECK(cut.conclude().trials.at("total") == 0);

    Journals stranger = journals_of({{"late", "orders"}});
    stranger.add("unheard_of", Outcome::silent, {{1, 1, 1}});
    CHECK_THROWS_WITH(stranger.conclude(), Catch::Contains("\"unheard_of\""));
    Journals edge = journals_of({{"late", "orders"}});
    edge.journal.header.edges.push_back({"ghost", "sales"});
    CHECK_THROWS_WITH(edge.conclude(), Catch::Contains("\"ghost\""));
}
