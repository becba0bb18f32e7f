#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "findings/resilience.h"
#include "journals.h"

using namespace faultline::findings;
using namespace faultline::findings::test;
using Catch::Contains;

namespace {

const NodeStory& story(const Result& result, const std::string& node) {
    for (const auto& one : result.structure.nodes)
        if (one.name == node) return one;
    throw std::runtime_error("no node " + node);
}

const Numbers fine{{1000, 100, 50}}, wrong{{1300, 100, 50}};

/// A run by hand: which fault on which node, and how its trials ended.
struct Told {
    std::string node;
    int outcome = 0;  ///< 0 absorbed, 1 silent in revenue, 2 detected, 3 crashed, 4 not applied,
                      ///< 5 silent in items
    double severity = 1;
};

double score_of(const std::vector<Told>& faults, bool items_metric = true, bool with_check = true) {
    if (faults.empty()) return 0;  // a scenario has at least one
    Journals by_hand = journals_of({});
    auto& scenario = by_hand.journal.header.scenario;
    for (std::size_t f = 0; f < faults.size(); ++f)
        scenario["perturbations"].push_back(
            {{"id", "f" + std::to_string(f)}, {"node", faults[f].node}, {"plugin", "noise"}});
    for (std::size_t f = 0; f < faults.size(); ++f) {
        const std::string id = "f" + std::to_string(f);
        const double severity = faults[f].severity;
        switch (faults[f].outcome) {
            case 0:
                by_hand.add(id, Outcome::absorbed, fine, severity);
                break;
            case 1:
                by_hand.add(id, Outcome::silent, wrong, severity);
                break;
            case 2:
                by_hand.add(id, with_check ? Outcome::detected : Outcome::silent, wrong, severity);
                if (with_check) by_hand.journal.trials.back().fired = {{"positive", {true, false}}};
                break;
            case 3:
                by_hand.add(id, Outcome::crashed, {}, severity);
                break;
            case 4:
                by_hand.add(id, Outcome::not_applied, {}, severity);
                break;
            default:
                // Without the metric that sees it the trial would have been absorbed.
                by_hand.add(id, items_metric ? Outcome::silent : Outcome::absorbed,
                            {{1000, 100, 90}}, severity);
        }
    }
    if (!items_metric) {
        scenario["metrics"].erase(1);
        by_hand.journal.base->series.pop_back();
        by_hand.journal.base->values.pop_back();
        by_hand.journal.base->noise_floor.pop_back();
        for (auto& trial : by_hand.journal.trials)
            if (!trial.values.empty())
                trial.values = Numbers(trial.values.begin(), std::next(trial.values.begin(), 2));
    }
    if (!with_check) {
        scenario["checks"] = Json::array();
        by_hand.journal.base->checks.clear();
    }
    return by_hand.conclude().structure.resilience.score.value_or(0);
}

rc::Gen<Told> any_fault() {
    return rc::gen::apply(
        [](std::string node, int outcome, int severity) {
            return Told{std::move(node), outcome, severity / 4.0};
        },
        rc::gen::element<std::string>("orders", "lines", "sales", "stock"), rc::gen::inRange(0, 6),
        rc::gen::inRange(1, 5));
}

}  // namespace

TEST_CASE("Single points of failure, blast radius and who depends on whom") {
    Journals by_hand = journals_of({{"a", "orders"}, {"b", "lines"}});
    by_hand.add("a", Outcome::silent, wrong);
    by_hand.add("b", Outcome::crashed, {});
    const auto result = by_hand.conclude();
    const auto& structure = result.structure;
    REQUIRE(structure.nodes.size() == 4);
    CHECK(structure.edges.size() == 3);
    CHECK(story(result, "lines").single_point_for == std::vector<std::string>{"stock"});
    CHECK(story(result, "lines").single_point_weight == 1.0);  // it broke: worth one tolerance
    CHECK(story(result, "lines").blast_nodes == 2);
    CHECK(story(result, "lines").blast_outputs == 2);
    CHECK(story(result, "lines").blast_owners == std::vector<std::string>{"finance"});
    CHECK(story(result, "orders")
              .single_point_for.empty());  // without lines there is no sales either
    CHECK(story(result, "orders").perturbed);
    CHECK(*story(result, "orders").damage == Approx(15));
    CHECK(story(result, "sales").depends_on_owners == std::vector<std::string>{"platform"});
    CHECK(story(result, "sales").kind == "sql");
    CHECK(story(result, "sales").output);
    CHECK_FALSE(story(result, "sales").perturbed);
    CHECK(structure.single_points == std::vector<std::string>{"lines"});
    REQUIRE(structure.owner_blast.size() == 3);  // platform, nobody, finance
    CHECK(structure.owner_blast[0].owner == "platform");
    CHECK(structure.owner_blast[0].blast_owners == std::vector<std::string>{"finance"});
    CHECK(to_json(result)["structure"]["edges"][0] == Json::parse(R"(["orders", "sales"])"));
}

TEST_CASE("Their trouble, our output") {
    Journals by_hand = journals_of({{"a", "orders"}, {"b", "lines"}});
    by_hand.add("a", Outcome::silent, wrong);
    by_hand.add("a", Outcome::detected, wrong).fired = {{"positive", {true, false}}};
    by_hand.add("b", Outcome::silent, {{1000, std::nullopt, 50}});
    const auto owners = by_hand.conclude().structure.owners;
    REQUIRE(owners.size() == 3);
    CHECK(owners[0].from == "platform");
    CHECK(owners[0].to == "finance");
    CHECK(*owners[0].damage == Approx(15));
    CHECK(owners[0].worst_perturbation == "a");
    CHECK(owners[0].worst_metric == "revenue");
    CHECK(owners[0].trials == 2);
    CHECK(owners[0].silent == 1);
    CHECK_FALSE(owners[0].breaks);
    // lines and stock are nobody's: their trouble reaches sales, where a segment vanished, and
    // stock.
    CHECK(owners[1].from.empty());
    CHECK(owners[1].to.empty());
    CHECK(owners[1].silent == 0);
    CHECK(owners[2].to == "finance");
    CHECK(owners[2].breaks);
    CHECK(owners[2].silent == 1);
}

TEST_CASE("Resilience is the mean of what was shown over all pairs of a node and an output") {
    Journals by_hand = journals_of({{"a", "orders"}, {"b", "lines"}});
    by_hand.journal.header.deterministic = {"a", "b"};
    by_hand.add("a", Outcome::absorbed, fine);
    by_hand.add("b", Outcome::silent, wrong);
    const auto& resilience = by_hand.conclude().structure.resilience;
    // Pairs: orders, lines, sales → sales; lines, stock → stock. orders→sales held: 1/2;
    // lines→sales was silent: 0; lines→stock held: 1/2; the others were not tried.
    CHECK(resilience.pairs == 5);
    CHECK(resilience.tested_pairs == 3);
    CHECK(resilience.silent_pairs == 1);
    CHECK(*resilience.score == Approx((0.5 + 0.5) / 5));
    CHECK(resilience.low == resilience.score);
    CHECK(resilience.untested == std::vector<std::string>{"sales", "stock"});
    CHECK(resilience.unmeasured.empty());
    CHECK_THAT(resilience.text, Contains("3 of 5 pairs") && Contains("in 1 of them"));
}

TEST_CASE("An output that nothing measures is named and counts against the score") {
    Journals by_hand = journals_of({{"b", "lines"}});
    by_hand.journal.header.scenario["metrics"].erase(1);
    by_hand.journal.base->series.pop_back();
    by_hand.journal.base->values.pop_back();
    by_hand.journal.base->noise_floor.pop_back();
    by_hand.add("b", Outcome::absorbed, {{1000, 100}});
    const auto& resilience = by_hand.conclude().structure.resilience;
    CHECK(resilience.unmeasured == std::vector<std::string>{"stock"});
    CHECK(*resilience.score == Approx(0.5 / 5));
}

TEST_CASE("Harm that is noticed is worth half, a part of the dose its part") {
    CHECK(score_of({{"orders", 0}}) == Approx(0.5 / 5));
    CHECK(score_of({{"orders", 2}}) == Approx((0.5 / 1.5) / 5));
    CHECK(score_of({{"orders", 3}}) == Approx((0.5 / 1.5) / 5));
    CHECK(score_of({{"orders", 0, 0.5}}) == Approx((0.5 / 1.5) / 5));
    CHECK(score_of({{"orders", 1}}) == 0);
    CHECK(score_of({{"orders", 4}}) == 0);
    CHECK(score_of({{"orders", 0}, {"orders", 0}}) == Approx((2.0 / 3) / 5));
}

TEST_CASE("Deleting faults, metrics or checks never raises the score") {
    CHECK(rc::check("a fault fewer", [] {
        auto faults = *rc::gen::nonEmpty(rc::gen::container<std::vector<Told>>(any_fault()));
        const double with = score_of(faults);
        faults.erase(faults.begin() + *rc::gen::inRange<std::ptrdiff_t>(
                                          0, static_cast<std::ptrdiff_t>(faults.size())));
        RC_ASSERT(score_of(faults) <= with + 1e-12);
    }));
    CHECK(rc::check("a metric fewer", [] {
        const auto faults = *rc::gen::container<std::vector<Told>>(any_fault());
        RC_ASSERT(score_of(faults, false) <= score_of(faults) + 1e-12);
    }));
    CHECK(rc::check("a check fewer", [] {
        const auto faults = *rc::gen::container<std::vector<Told>>(any_fault());
        RC_ASSERT(score_of(faults, true, false) <= score_of(faults) + 1e-12);
    }));
}

TEST_CASE("Without a fault alone there is no score") {
    Journals by_hand = journals_of({{"a", "orders"}, {"b", "lines"}});
    faultline::journal::TrialRecord both;
    both.severities = {{"a", 1}, {"b", 1}};
    both.values = fine;
    by_hand.journal.trials.push_back(both);
    const auto& resilience = by_hand.conclude().structure.resilience;
    CHECK_FALSE(resilience.score.has_value());
    CHECK_THAT(resilience.text, Contains("no fault was tried alone"));
}
