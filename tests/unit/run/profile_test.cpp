#include <catch2/catch.hpp>

#include <set>

#include "laboratory.h"
#include "run/profile_pass.h"

using namespace faultline;
using namespace faultline::run;
using journal::Outcome;

namespace {

// clang-format off: it takes the text for code
const char* const pipeline = R"doc({"faultline": "pipeline/1", "name": "shop", "nodes": {
    "orders": {"source": {"sql": "select i as id, date '2024-01-01' + cast(i // 10 as integer) as day, i % 7 + 1.0 as price, case when i % 3 = 0 then 'a' else 'b' end as kind, case when i % 5 = 0 then null else i end as maybe from range(200) t(i)"},
               "key": ["id"], "batch": "day"},
    "lines": {"source": {"sql": "select i as line, i % 200 as id from range(400) t(i)"}, "key": ["line"]},
    "sales": {"sql": "select kind, sum(price) as revenue from orders join lines using (id) group by kind", "key": ["kind"]},
    "capped": {"sql": "select count(*) as n from orders"}},
    "outputs": ["sales", "capped"]})doc";
const char* const scenario =
    R"doc({"faultline": "scenario/1", "pipeline": "pipeline.json", "seed": 5,
    "perturbations": [
        {"id": "dearer", "node": "orders", "plugin": "scale", "params": {"columns": ["price"], "factor": 2, "fraction": 0.5}},
        {"id": "edge", "node": "orders", "consumer": "sales", "plugin": "scale", "params": {"columns": ["price"], "factor": 3}}],
    "metrics": [{"id": "revenue", "output": "sales", "sql": "sum(revenue)", "tolerance": {"relative": 0.02}},
                {"id": "orders", "output": "capped", "sql": "sum(n)"}],
    "design": {"method": "one_at_a_time", "replicates": 3}, "profile": 8})doc";
// clang-format on

const journal::NodeProfile* node_in(const journal::Profile& profile, const std::string& name,
                                    const std::string& consumer = "") {
    for (const auto& node : profile.nodes)
        if (node.node == name && node.consumer == consumer) return &node;
    return nullptr;
}

const journal::ColumnProfile& column_in(const journal::NodeProfile& node, const std::string& name) {
    for (const auto& column : node.columns)
        if (column.name == name) return column;
    throw std::runtime_error("no column " + name);
}

}  // namespace

TEST_CASE("A run profiles the base, its parts, and trials worth looking into") {
    Laboratory laboratory(pipeline, scenario);
    const auto journal = laboratory.run();
    REQUIRE(journal.closing);
    REQUIRE(journal.profiles.size() == 1 + 9 + 4);  // base, parts, trials

    const auto& base = journal.profiles.front();
    CHECK_FALSE(base.trial);
    const auto* orders = node_in(base, "orders");
    REQUIRE(orders != nullptr);
    CHECK(orders->numbers.at("rows") == 200);
    CHECK(orders->numbers.at("keys") == 200);
    const auto& price = column_in(*orders, "price");
    CHECK(price.numbers.at("min") == 1);
    CHECK(price.numbers.at("max") == 7);
    CHECK(price.numbers.at("distinct") == 7);
    CHECK(price.numbers.at("q50") == 4);
    CHECK(price.sql.at("mean").find("avg(") == 0);
    CHECK(column_in(*orders, "maybe").numbers.at("nulls") == 40);
    CHECK(column_in(*orders, "kind").values == std::vector<std::string>{"a", "b"});
    CHECK(column_in(*orders, "kind").numbers.at("unknown") == 0);
    CHECK(node_in(base, "lines") == nullptr);  // no fault reaches it

    // Twenty days in ten parts, of which the latest stays: without one of them 20 orders are gone,
    // and what is made of them.
    const auto& part = journal.profiles[1];
    CHECK(part.without == 0u);
    CHECK(node_in(part, "orders")->numbers.at("rows") == 180);
    CHECK(node_in(part, "capped")->numbers.at("rows") == 1);

    for (const auto& profile : journal.profiles) {
        if (!profile.trial) continue;
        const auto& trial = journal.trials[*profile.trial];
        CHECK(trial.outcome == Outcome::silent);
        if (trial.severities.contains("dearer")) {
            CHECK(column_in(*node_in(profile, "orders"), "price").numbers.at("max") == 14);
            CHECK(node_in(profile, "capped")->same);  // a count does not see prices
        } else {
            CHECK(node_in(profile, "orders")->same);  // what everybody else gets
            CHECK(column_in(*node_in(profile, "orders", "sales"), "price").numbers.at("max") == 21);
        }
    }
}

TEST_CASE("Profiles do not depend on how many trials run at once") {
    Laboratory laboratory(pipeline, scenario);
    const auto one = laboratory.run(1), four = laboratory.run(4);
    REQUIRE(one.profiles.size() == four.profiles.size());
    for (std::size_t i = 0; i < one.profiles.size(); ++i)
        CHECK(journal::to_json(one.profiles[i]) == journal::to_json(four.profiles[i]));
}

TEST_CASE("A scenario may do without profiles") {
    std::string without = scenario;
    without.replace(without.find("\"profile\": 8"), 12, "\"profile\": 0");
    CHECK(Laboratory(pipeline, without).run().profiles.empty());
}

TEST_CASE("Trials to profile are few, spread, and of every kind") {
    std::vector<journal::TrialRecord> trials;
    const auto add = [&](const char* fault, double severity, Outcome outcome) {
        journal::TrialRecord trial;
        trial.number = trials.size();
        trial.severities = {{fault, severity}};
        trial.outcome = outcome;
        trials.push_back(trial);
    };
    for (int i = 0; i < 20; ++i)
        add("a", 0.05 * (i + 1), i < 10 ? Outcome::absorbed : Outcome::silent);
    for (int i = 0; i < 3; ++i) add("b", 1, Outcome::detected);
    add("b", 1, Outcome::crashed);
    TrialsToProfile of_all, backwards;
    for (const auto& trial : trials) of_all.consider(trial);
    std::for_each(trials.rbegin(), trials.rend(),
                  [&](const auto& trial) { backwards.consider(trial); });
    // Silent: the first, the last and two between; harmless: two; noticed: one; crashed: none.
    CHECK(of_all.chosen(4) == std::vector<std::uint64_t>{0, 9, 10, 13, 16, 19, 22});
    CHECK(backwards.chosen(4) == of_all.chosen(4));  // trials end in any order
    CHECK(of_all.chosen(0).empty());
}
