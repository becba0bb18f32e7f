#include <catch2/catch.hpp>

#include <fstream>

#include "laboratory.h"

namespace faultline::run {
namespace {

using journal::Outcome;

/// 1,000 orders of 10 each in 10 days, two regions; a text key that joins to the regions.
const char* const shop = R"json({"faultline": "pipeline/1", "name": "shop", "nodes": {
  "orders": {"source": {"sql": "select i as id, 10.0 as amount, 'R' || (i % 2) as region, date '2026-01-01' + (i // 100)::int as day from range(1000) t(i)"},
             "key": ["id"], "batch": "day"},
  "regions": {"source": {"sql": "select 'R' || i as region, 'region ' || i as name from range(2) t(i)"}, "key": ["region"]},
  "joined": {"sql": "select name, amount, day from orders join regions using (region)"},
  "revenue": {"sql": "select name, sum(amount) as revenue, count(*) as orders from joined group by name"}},
  "outputs": ["revenue"]})json";

std::string shop_scenario(const std::string& perturbation, const std::string& checks = "[]",
                          const std::string& limits = "{}") {
    return R"json({"faultline": "scenario/1", "title": "shop", "pipeline": "pipeline.json", "seed": 11,
      "perturbations": [)json" +
           perturbation + R"json(],
      "metrics": [{"id": "revenue", "output": "revenue", "sql": "sum(revenue)", "by": ["name"], "tolerance": {"relative": 0.02}},
                  {"id": "orders", "output": "revenue", "sql": "sum(orders)", "tolerance": {"absolute": 5}}],
      "checks": )json" +
           checks +
           R"json(, "design": {"method": "one_at_a_time", "replicates": 3}, "limits": )json" +
           limits + "}";
}

journal::TrialRecord first_trial(const std::string& perturbation,
                                 const std::string& checks = "[]") {
    Laboratory laboratory(shop, shop_scenario(perturbation, checks));
    const auto journal = laboratory.run();
    REQUIRE(journal.closing);
    CHECK(journal.closing->status == "completed");
    REQUIRE_FALSE(journal.trials.empty());
    return journal.trials.front();
}

const char* const shift_much =
    R"json({"id": "f", "node": "orders", "plugin": "shift", "params": {"columns": ["amount"], "relative": 0.1}})json";
const char* const shift_little =
    R"json({"id": "f", "node": "orders", "plugin": "shift", "params": {"columns": ["amount"], "relative": 0.01}})json";
const char* const drop_region =
    R"json({"id": "f", "node": "orders", "plugin": "schema_drift", "params": {"mode": "drop", "columns": ["region"]}})json";
const char* const amount_check =
    R"json([{"id": "amount_is_10", "node": "orders", "expect": "range", "columns": ["amount"], "max": 10}])json";

}  // namespace

TEST_CASE("out of tolerance and nothing fired is silent") {
    const auto trial = first_trial(shift_much);
    CHECK(trial.outcome == Outcome::silent);
    CHECK(trial.fired.empty());
    CHECK(trial.answer_keys.at("f")["rows_changed"] == 1000);
}

TEST_CASE("out of tolerance and a check fired is detected") {
    const auto trial = first_trial(shift_much, amount_check);
    CHECK(trial.outcome == Outcome::detected);
    CHECK(trial.fired.at("amount_is_10").fired);
    CHECK_FALSE(trial.fired.at("amount_is_10").errored);
}

TEST_CASE("within tolerance is absorbed, or a false alarm") {
    CHECK(first_trial(shift_little).outcome == Outcome::absorbed);
    CHECK(first_trial(shift_little, amount_check).outcome == Outcome::false_alarm);
}

TEST_CASE("a step that fails is a crash at its node, with the checks that had fired before") {
    const auto trial = first_trial(
        drop_region,
        R"json([{"id": "contract", "node": "orders", "expect": "columns", "contract": {"region": "text"}},
                                                  {"id": "later", "node": "revenue", "expect": "not_null", "columns": ["name"]}])json");
    CHECK(trial.outcome == Outcome::crashed);
    REQUIRE(trial.failure);
    CHECK(trial.failure->node == "joined");
    CHECK(trial.failure->stage == "step");
    CHECK_THAT(trial.failure->message, Catch::Matchers::Contains("region"));
    CHECK(trial.fired.contains("contract"));
    CHECK_FALSE(trial.fired.contains("later"));
    CHECK(trial.values.empty());
}

TEST_CASE("a check whose own SQL breaks counts as fired and errored") {
    const auto trial = first_trial(
        R"json({"id": "f", "node": "orders", "plugin": "schema_drift", "params": {"mode": "rename", "columns": ["day"], "to": "date"}})json",
        R"json([{"id": "by_day", "node": "regions", "sql": "select * from {node} where false"},
                                       {"id": "days", "node": "orders", "sql": "select * from {node} where day is null"}])json");
    CHECK(trial.outcome == Outcome::crashed);  // joined selects day
    CHECK(trial.fired.at("days").fired);
    CHECK(trial.fired.at("days").errored);
    CHECK_FALSE(trial.fired.contains("by_day"));
}

TEST_CASE("a fault that should have changed something and did not is no pass") {
    const auto trial = first_trial(
        R"json({"id": "f", "node": "orders", "plugin": "shift", "params": {"columns": ["amount"], "delta": 5, "where": "amount > 1000"}})json");
    CHECK(trial.outcome == Outcome::not_applied);
    REQUIRE(trial.failure);
    CHECK(trial.failure->node == "orders");
}

TEST_CASE("a segment that vanished is a breach") {
    const auto lost = first_trial(
        R"json({"id": "f", "node": "orders", "plugin": "missing_batches", "params": {"fraction": 1}})json");
    CHECK(lost.outcome == Outcome::silent);
    CHECK_FALSE(lost.values.at(0).has_value());
    const auto renamed = first_trial(R"json({"id": "f", "node": "joined", "plugin": "schema_drift",
        "params": {"mode": "retype", "columns": ["amount"], "to": "text"}})json");
    CHECK(renamed.outcome == Outcome::crashed);  // sum() of a text
}

TEST_CASE("a time-out names the node that outlived it") {
    Laboratory laboratory(
        R"json({"faultline": "pipeline/1", "name": "slow", "nodes": {
        "n": {"source": {"sql": "select 1 as n"}},
        "slow": {"sql": "select count(*) as c from n, range(20000000000) t(i) where n.n > 1 and i % 3 = 1", "timeout": "900ms"}},
        "outputs": ["slow"]})json",
        R"json({"faultline": "scenario/1", "title": "slow", "pipeline": "pipeline.json",
        "perturbations": [{"id": "big", "node": "n", "plugin": "shift", "params": {"columns": ["n"], "delta": 40}}],
        "metrics": [{"id": "c", "output": "slow", "sql": "sum(c)", "tolerance": {
    "absolute" : 1}}], "design": {
    "replicates" : 1
}
})json");
    const auto journal = laboratory.run(1);
    REQUIRE(journal.trials.size() == 1);
    CHECK(journal.trials[0].outcome == Outcome::timed_out);
    REQUIRE(journal.trials[0].failure);
    CHECK(journal.trials[0].failure->node == "slow");
}

TEST_CASE("the same records whatever the number of workers") {
    Laboratory laboratory(
        shop,
        shop_scenario(
            std::string(shift_much) +
                R"json(, {"id": "n", "node": "orders", "plugin": "noise", "params": {"columns": ["amount"], "std": 2}},
        {"id": "d", "node": "orders", "plugin": "missing_batches", "params": {"fraction": 0.3}},
        {"id": "e", "node": "orders", "consumer": "joined", "plugin": "noise", "params": {"columns": ["amount"], "std": 2, "fraction": 0.5}})json",
            amount_check));
    const auto alone = laboratory.run(1);
    CHECK(alone.trials.size() == 1 + 3 * 3);
    CHECK(lines_of(alone) == lines_of(laboratory.run(8)));
}

TEST_CASE("an interrupt keeps what is done and says so") {
    Laboratory laboratory(
        shop,
        shop_scenario(
            R"json({"id": "n", "node": "orders", "plugin": "noise", "params": {"columns": ["amount"], "std": 2}})json",
            "[]", "{}"));
    StopFlag stop;
    RunOptions options;
    options.out = laboratory.folder() / "out";
    options.jobs = 1;
    options.stop = &stop;
    options.progress = [&](const Progress& progress) {
        if (progress.phase == "trials" && progress.done == 1) stop.request();
    };
    const auto journal = execute(laboratory.load(), options);
    REQUIRE(journal.closing);
    CHECK(journal.closing->status == "interrupted");
    CHECK_FALSE(journal.trials.empty());
    CHECK(journal.trials.size() < 3);
}

/// What is said of a pipeline that cannot be run unperturbed; no folder is left behind.
static std::string refused_by_its_run(const Laboratory& laboratory) {
    RunOptions options;
    options.out = laboratory.folder() / "out";
    std::string said;
    try {
        (void)execute(laboratory.load(), options);
        FAIL("it should have thrown");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::user);
        said = error.what();
    }
    CHECK_FALSE(std::filesystem::exists(options.out));
    return said;
}

TEST_CASE("a pipeline that fails by itself is bad input and leaves nothing behind") {
    Laboratory laboratory(
        R"json({"faultline": "pipeline/1", "name": "p", "nodes": {"s": {"source": {"sql": "select 'x' as v"}},
        "bad": {"sql": "select cast(v as integer) as v from s"}}, "outputs": ["bad"]})json",
        R"json({"faultline": "scenario/1", "title": "t", "pipeline": "pipeline.json", "perturbations": [
        {"id": "d", "node": "s", "plugin": "schema_drift", "params": {"mode": "add"}}],
        "metrics": [{"id": "m", "output": "bad", "sql": "sum(v)", "tolerance": {
    "absolute" : 1}}]
})json");
    CHECK_THAT(refused_by_its_run(laboratory), Catch::Matchers::Contains("/nodes/bad/sql"));
}

TEST_CASE("a pipeline that does not keep to its own time-outs is bad input") {
    Laboratory laboratory(
        R"json({"faultline": "pipeline/1", "name": "p", "nodes": {"s": {"source": {"sql": "select i as v from range(30000) t(i)"}},
        "slow": {"sql": "select max(a.v * b.v) as v from s a cross join s b", "timeout": "50ms"}}, "outputs": ["slow"]})json",
        R"json({"faultline": "scenario/1", "title": "t", "pipeline": "pipeline.json", "perturbations": [
        {"id": "d", "node": "s", "plugin": "schema_drift", "params": {"mode": "add"}}],
        "metrics": [{"id": "m", "output": "slow", "sql": "sum(v)"}]})json");
    CHECK_THAT(refused_by_its_run(laboratory), Catch::Matchers::Contains("/nodes/slow/sql") &&
                                                   Catch::Matchers::Contains("time-out of 50 ms"));
}

TEST_CASE("what does not fit the data is told at its pointer, before anything runs") {
    const auto problems_of = [](const std::string& scenario, const std::string& pipeline = shop) {
        Laboratory laboratory(pipeline, scenario);
        try {
            check_with_data(laboratory.load());
        } catch (const Error& error) {
            CHECK(error.kind() == ErrorKind::user);
            return std::string(error.what());
        }
        return std::string("nothing");
    };
    const auto has = [](const std::string& text) { return Catch::Matchers::Contains(text); };
    CHECK(problems_of(shop_scenario(shift_much, amount_check)) == "nothing");
    // refused by the plugin itself, once it sees the columns
    CHECK_THAT(
        problems_of(shop_scenario(
            R"json({"id": "f", "node": "orders", "plugin": "schema_drift", "params": {"mode": "drop"}})json")),
        has("/perturbations/0/params"));
    CHECK_THAT(
        problems_of(shop_scenario(
            R"json({"id": "f", "node": "orders", "plugin": "shift", "params": {"columns": ["amout"], "delta": 1}})json")),
        has("/perturbations/0/params/columns") && has("did you mean \"amount\""));
    CHECK_THAT(
        problems_of(shop_scenario(
            R"json({"id": "f", "node": "orders", "plugin": "shift", "params": {"columns": ["amount"], "where": "amout > 1"}})json")),
        has("/perturbations/0/params/where"));
    std::string scenario = shop_scenario(
        shift_much,
        R"json([{"id": "c", "node": "orders", "expect": "not_null", "columns": ["idd"]}])json");
    CHECK_THAT(problems_of(scenario), has("/checks/0/columns") && has("did you mean \"id\""));
    scenario = shop_scenario(shift_much);
    scenario.replace(scenario.find("[\"name\"]"), 8, "[\"nam\"]");
    CHECK_THAT(problems_of(scenario), has("/metrics/0/by") && has("did you mean \"name\""));
    std::string pipeline = shop;
    pipeline.replace(pipeline.find("[\"id\"]"), 6, "[\"di\"]");
    CHECK_THAT(problems_of(shop_scenario(shift_much), pipeline), has("/nodes/orders/key"));
}

TEST_CASE(
    "a fault of the node is counted as the node hands it on, whatever an edge has lost before") {
    const std::string lost = GENERATE("kind = 0", "true");
    Laboratory laboratory(
        R"json({"faultline": "pipeline/1", "name": "two readers", "nodes": {
        "a": {"source": {"sql": "select i as id, i % 5 as kind, 1.5 as v from range(500) t(i)"}, "key": ["id"]},
        "all": {"sql": "select sum(v) as v from a"},
        "mart": {"sql": "select kind, sum(v) as v from a group by kind"}},
        "outputs": ["all", "mart"]})json",
        R"json({"faultline": "scenario/1", "pipeline": "pipeline.json", "perturbations": [
        {"id": "edge", "node": "a", "consumer": "mart", "plugin": "resample", "params": {"weight_factor": 0, "where": ")json" +
            lost + R"json("}},
        {"id": "node", "node": "a", "plugin": "shift", "params": {"columns": ["v"], "delta": 1}}],
        "metrics": [{"id": "all", "output": "all", "sql": "sum(v)"}, {"id": "mart", "output": "mart", "sql": "sum(v)"}],
        "design": {"method": "full_factorial", "replicates": 1}})json");
    const auto journal = laboratory.run();
    unsigned both = 0;
    for (const auto& trial : journal.trials) {
        CHECK(trial.outcome != Outcome::not_applied);
        if (trial.answer_keys.contains("node"))
            CHECK(trial.answer_keys.at("node")["rows_changed"] == 500);
        if (!trial.answer_keys.contains("edge")) continue;
        CHECK(trial.answer_keys.at("edge")["rows_removed"] == (lost == "true" ? 500 : 100));
        both += trial.answer_keys.contains("node") ? 1 : 0;
    }
    CHECK(both == 1);
}

}  // namespace faultline::run
