#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "laboratory.h"
#include "run/baseline.h"
#include "run/execute.h"
#include "run/trial_execution.h"
#include "run/trial_queue.h"
#include "run/workers.h"

namespace faultline::run {
namespace {

// a ── staged ──┬── kinds ── report        b ── side
//               └── mart
const char* const pipeline = R"json({"faultline": "pipeline/1", "name": "p", "nodes": {
  "a": {"source": {"sql": "select i as id, i % 5 as kind, i * 1.5 as v from range(500) t(i)"}, "key": ["id"]},
  "b": {"source": {"sql": "select i as id, i * 2.0 as w from range(500) t(i)"}, "key": ["id"]},
  "staged": {"sql": "select id, kind, v from a"},
  "kinds": {"sql": "select distinct kind from staged where v < 100000"},
  "report": {"sql": "select count(*) as n from kinds"},
  "second": {"sql": "select sum(kind) as n from kinds"},
  "mart": {"sql": "select kind, sum(v) as total from staged group by kind"},
  "side": {"sql": "select sum(w) as total from b"},
  "both": {"sql": "select m.total + s.total as total from mart m cross join side s"}
}, "outputs": ["report", "second", "both", "side"]})json";

std::string scenario(const std::string& design) {
    return R"json({"faultline": "scenario/1", "title": "t", "pipeline": "pipeline.json", "seed": 3, "perturbations": [
  {"id": "na", "node": "a", "plugin": "noise", "params": {"columns": ["v"], "std": 1}},
  {"id": "ns", "node": "staged", "plugin": "nulls", "params": {"columns": ["kind"], "fraction": 0.4}},
  {"id": "nb", "node": "b", "plugin": "shift", "params": {"columns": ["w"], "delta": 7}}],
 "checks": [{"id": "five", "node": "kinds", "sql": "select 1 from {node} having count(*) <> 5"},
            {"id": "sides", "node": "side", "sql": "select 1 from {node} where (select count(*) from staged where kind is null) > 0"}],
 "metrics": [{"id": "n", "output": "report", "sql": "sum(n)"}, {"id": "m", "output": "second", "sql": "sum(n)"},
             {"id": "t", "output": "both", "sql": "sum(total)"}, {"id": "s", "output": "side", "sql": "sum(total)"}],
 "design": )json" +
           design + "}";
}

struct Prepared {
    Laboratory laboratory;
    Experiment experiment;
    BaseRun base;
    Baseline baseline;
    plugin::Measures measures;

    explicit Prepared(const std::string& design)
        : laboratory(pipeline, scenario(design)),
          experiment(laboratory.load()),
          base(experiment, {}),
          baseline(of(experiment, base)) {}

    static Baseline of(const Experiment& experiment, BaseRun& base) {
        base.run();
        BaseRun again(experiment, {1, {}, true, nullptr});
        again.run();
        return make_baseline(experiment, base, again);
    }
    std::vector<journal::TrialRecord> run(const std::vector<design::Trial>& trials, unsigned jobs) {
        std::vector<journal::TrialRecord> records(trials.size());
        run_block(experiment, base, baseline, measures, trials,
                  std::vector<bool>(trials.size(), false), jobs, nullptr,
                  [&](std::size_t i, const journal::TrialRecord& record) { records[i] = record; });
        return records;
    }
    [[nodiscard]] std::vector<design::Trial> trials() const {
        return design::make_design(experiment.scenario.design, experiment.factors, "")->next({});
    }
};

/// All that a trial saw: not how long it took, nor who computed it.
std::string seen(const journal::TrialRecord& record) {
    auto json = journal::to_json(record);
    for (const auto* key :
         {"milliseconds", "node_milliseconds", "ms", "run", "reused", "skipped", "executions"})
        json.erase(key);
    return json.dump();
}

std::size_t tables(const BaseRun& base) {
    return static_cast<std::size_t>(std::get<std::int64_t>(
        base.engine().connect()->query("SELECT count(*) FROM duckdb_tables()").rows[0][0]));
}

}  // namespace

TEST_CASE("trials that share results see what they would see alone") {
    Prepared prepared(R"({"method": "sobol", "rows": 4})");
    const auto trials = prepared.trials();
    std::vector<std::string> alone;
    std::uint64_t run_alone = 0;
    const auto before = tables(prepared.base);
    for (const auto& trial : trials) {
        const auto record = prepared.run({trial}, 1).at(0);
        alone.push_back(seen(record));
        run_alone += record.run;
    }
    std::vector<std::uint64_t> counts;
    for (const unsigned jobs : {1u, 4u}) {
        const auto records = prepared.run(trials, jobs);
        REQUIRE(records.size() == trials.size());
        std::uint64_t run = 0;
        for (std::size_t i = 0; i < records.size(); ++i) {
            CHECK(seen(records[i]) == alone[i]);
            run += records[i].run;
        }
        counts.push_back(run);
    }
    CHECK(counts[0] < run_alone);
    CHECK(counts[0] == counts[1]);  // who computed it is no part of the result
    CHECK(tables(prepared.base) == before);
}

TEST_CASE("no worker is given what it would wait for while there is other work") {
    Prepared prepared(R"({"method": "sobol", "rows": 8})");
    const auto trials = prepared.trials();
    std::vector<bool> done(trials.size(), false);
    done[1] = true;
    TrialQueue queue(prepared.experiment, prepared.base, trials, done);
    const auto first = queue.next();
    REQUIRE(first);
    CHECK(first->in_block == 0);
    const Window& window = *first->window;
    const auto expects = [&](std::size_t i, const std::string& name) {
        const auto& names = window.at(i).expects;
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    // Something that the next trial needs, and not all of them do.
    std::string name;
    for (const auto& candidate : window.at(2).expects)
        for (std::size_t i = 3; i < trials.size() && name.empty(); ++i)
            if (!expects(i, candidate)) name = candidate;
    REQUIRE_FALSE(name.empty());
    std::vector<std::size_t> taken, left;
    {
        const Claim making(&window.results(), name, nullptr);
        REQUIRE(making.mine());
        for (std::size_t i = 2; i < trials.size(); ++i)
            (expects(i, name) ? left : taken).push_back(i);
        for (const std::size_t i : taken) CHECK(queue.next()->in_block == i);
        // What is left would wait, and is given all the same.
        CHECK(queue.next()->in_block == left.front());
    }
    for (std::size_t i = 1; i < left.size(); ++i) CHECK(queue.next()->in_block == left[i]);
    CHECK_FALSE(queue.next());
}

TEST_CASE("what is recorded is not run again, and counts as if it were") {
    Prepared prepared(R"({"method": "sobol", "rows": 4})");
    const auto trials = prepared.trials();
    const auto before = tables(prepared.base);
    const auto whole = prepared.run(trials, 2);
    for (const std::size_t step : {2u, 3u, 7u}) {
        std::vector<bool> done(trials.size());
        for (std::size_t i = 0; i < trials.size(); ++i) done[i] = i % step != 0;
        std::size_t ended = 0;
        run_block(prepared.experiment, prepared.base, prepared.baseline, prepared.measures, trials,
                  done, 2, nullptr, [&](std::size_t i, const journal::TrialRecord& record) {
                      CHECK_FALSE(done[i]);
                      CHECK(record.run == whole[i].run);
                      CHECK(record.reused == whole[i].reused);
                      CHECK(seen(record) == seen(whole[i]));
                      ++ended;
                  });
        CHECK(ended == static_cast<std::size_t>(std::count(done.begin(), done.end(), false)));
        CHECK(tables(prepared.base) == before);
    }
}

TEST_CASE("what came out as in the base is computed no further") {
    Prepared prepared(R"({"method": "one_at_a_time"})");
    // Noise in v leaves the kinds as they are: "staged" and "mart" are run, and "kinds", of which
    // two nodes and a check read; "report" and "second" are not.
    const auto record = prepared.run({design::Trial{0, 0, 0, {{"na", 1.0}}}}, 1).at(0);
    CHECK(record.run == 4);  // staged, kinds, mart, both
    CHECK(record.reused == 3);
    CHECK(record.fired.empty());
    CHECK(record.values[0] == 5.0);
    // Nulls among the kinds are another matter.
    const auto nulls = prepared.run({design::Trial{1, 0, 0, {{"ns", 1.0}}}}, 1).at(0);
    CHECK(nulls.fired.contains("five"));
    CHECK(nulls.fired.contains("sides"));  // asked of a node that no fault reaches
    CHECK(nulls.values[0] == 6.0);
    CHECK(nulls.run == 5);  // kinds, report, second, mart, both
}

TEST_CASE("the plan says how many steps a run executes") {
    for (const auto* design : {R"({"method": "sobol", "rows": 4})",
                               R"({"method": "one_at_a_time"})", R"({"method": "morris"})"}) {
        INFO(design);
        Prepared prepared(design);
        const auto plan = make_plan(prepared.experiment, 1);
        std::uint64_t run = 0, reused = 0, skipped = 0, noise = 0;
        for (const auto& record : prepared.run(prepared.trials(), 3)) {
            if (record.severities.contains("na")) ++noise;
            run += record.run;
            reused += record.reused;
            skipped += record.skipped;
        }
        // What comes out as in the base is known only when it came out; all else is foretold.
        CHECK(run <= plan.nodes_run);
        CHECK(run + reused == plan.nodes_run + plan.nodes_reused);
        CHECK(skipped == plan.nodes_skipped);
        CHECK(run + reused + skipped == 7 * plan.trials);
        // Alone, noise leaves the kinds as they are, and what is made of those is spared.
        if (prepared.experiment.scenario.design.method == "one_at_a_time")
            CHECK(run + 2 * noise == plan.nodes_run);
    }
}

TEST_CASE("a step that reads many perturbed relations is no statement that binds them all") {
    nlohmann::json nodes = nlohmann::json::object(), perturbations = nlohmann::json::array();
    std::string select = "select 0.0", from;
    design::Trial all;
    for (int i = 0; i < 60; ++i) {
        const auto name = "x" + std::to_string(i);
        nodes[name] = {{"source", {{"sql", "select 1.0::double as v"}}}};
        select += " + " + name + ".v";
        from += (from.empty() ? "" : ", ") + name;
        perturbations.push_back({{"id", name},
                                 {"node", name},
                                 {"plugin", "shift"},
                                 {"params", {{"columns", {"v"}}, {"delta", 2}}}});
        all.severities[name] = 1;
    }
    nodes["y"] = {{"sql", select + " as y from " + from}};
    Laboratory laboratory(
        nlohmann::json{
            {"faultline", "pipeline/1"}, {"name", "p"}, {"nodes", nodes}, {"outputs", {"y"}}}
            .dump(),
        nlohmann::json{{"faultline", "scenario/1"},
                       {"title", "t"},
                       {"pipeline", "pipeline.json"},
                       {"perturbations", perturbations},
                       {"metrics", {{{"id", "y"}, {"output", "y"}, {"sql", "sum(y)"}}}}}
            .dump());
    const auto experiment = laboratory.load();
    BaseRun base(experiment, {});
    base.run();
    const TrialPlan plan(experiment, base.plan(), all);
    const Work work = work_of(experiment, base.needed(), base.plan(), plan);
    const auto connection = base.engine().connect();
    plugin::Measures measures;
    TrialExecution execution(experiment, base, *connection, measures, nullptr, plan, work, false);
    execution.run();
    CHECK(execution.answers().at(0).value == 180.0);
    for (const auto& statement : execution.statements()) CHECK(bindings(statement) < 48 + 60 + 2);
}

TEST_CASE("what one trial fails to compute the others compute for themselves") {
    SharedResults shared;
    for (int i = 0; i < 3; ++i) shared.expect("x");
    CHECK(shared.shares("x"));
    CHECK_FALSE(shared.shares("y"));
    {
        const Claim nobody(nullptr, "x", nullptr), unknown(&shared, "y", nullptr);
        CHECK_FALSE(nobody.mine());
        CHECK_FALSE(unknown.mine());
        const Claim first(&shared, "x", nullptr);
        CHECK(first.mine());
    }
    const Claim second(&shared, "x", nullptr);
    CHECK_FALSE(second.mine());
    CHECK(second.ready() == nullptr);
}

TEST_CASE("a shared result is made once, waited for, and dropped after the last who needs it") {
    SharedResults shared;
    constexpr int trials = 8;
    for (int i = 0; i < trials; ++i) shared.expect("x");
    std::atomic<int> made{0}, wrong{0}, dropped{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < trials; ++i)
        threads.emplace_back([&] {
            {
                Claim claim(&shared, "x", nullptr);
                if (claim.mine()) {
                    std::this_thread::sleep_for(std::chrono::milliseconds(30));
                    ++made;
                    SharedResult result;
                    result.select = "SELECT 1";
                    claim.publish(std::move(result), "the table");
                } else if (claim.ready() == nullptr || claim.ready()->select != "SELECT 1") {
                    ++wrong;
                }
            }
            dropped += static_cast<int>(shared.release({"x"}).size());
        });
    for (auto& thread : threads) thread.join();
    CHECK(made == 1);
    CHECK(wrong == 0);
    CHECK(dropped == 1);
    CHECK_FALSE(shared.shares("x"));
}

TEST_CASE("who waits for a shared result can be stopped") {
    SharedResults shared;
    shared.expect("x");
    shared.expect("x");
    const Claim claim(&shared, "x", nullptr);
    StopFlag stop;
    stop.request();
    CHECK_THROWS_AS(Claim(&shared, "x", &stop), Error);
}

}  // namespace faultline::run
