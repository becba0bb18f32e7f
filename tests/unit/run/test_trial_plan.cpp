#include <catch2/catch.hpp>

#include "laboratory.h"
#include "run/trial_plan.h"

namespace faultline::run {
namespace {

const char* const diamond = R"json({"faultline": "pipeline/1", "name": "diamond", "nodes": {
  "a": {"source": {"sql": "select i as id, i * 1.5 as v from range(100) t(i)"
}
, "key" : ["id"]
}
, "b" : {"source" : {"sql" : "select i as id, 2.0 as w from range(100) t(i)"}, "key" : ["id"]},
        "left" : {"sql" : "select id, v + 1 as v from a"},
                 "right" : {"sql" : "select id, v * w as v from a join b using (id)"},
                           "mart"
    : {"sql" : "select sum(l.v) + sum(r.v) as total from \"left\" l join \"right\" r using (id)"},
      "unseen" : {
    "sql" : "select count(*) as n from a"
}
}
, "outputs" : [ "mart", "unseen" ]
})json";

std::string scenario_with(const std::string& perturbations) {
    return R"json({"faultline": "scenario/1", "title": "t", "pipeline": "pipeline.json", "seed": 3, "perturbations": [)json" +
           perturbations +
           R"json(], "metrics": [{"id": "total", "output": "mart", "sql": "sum(total)", "tolerance": {"relative": 0.01}}]
})json";
}

struct Planned {
    Experiment experiment;
    std::vector<std::string> sources;
    TrialPlan base;
    std::vector<bool> needed;

    explicit Planned(Experiment loaded)
        : experiment(std::move(loaded)),
          sources({"A", "B", "", "", "", ""}),
          base(experiment, sources),
          needed(needed_nodes(experiment)) {}

    TrialPlan with(std::map<std::string, double> severities, std::uint64_t replicate = 0) const {
        return {experiment, base, design::Trial{7, 0, replicate, std::move(severities)}};
    }
    Work work(const TrialPlan& trial) const { return work_of(experiment, needed, base, trial); }
};

const char* const noise_on_a =
    R"json({"id": "n", "node": "a", "plugin": "noise", "params": {"columns": ["v"], "std": 1}})json";
enum Node { a, b, left, right, mart, unseen };

}  // namespace

TEST_CASE("severity 0 is the same address, and so costs nothing") {
    Laboratory laboratory(diamond, scenario_with(noise_on_a));
    const Planned planned(laboratory.load());
    const TrialPlan off = planned.with({{"n", 0.0}});
    CHECK(off.handed_on(a).address == planned.base.handed_on(a).address);
    CHECK(planned.work(off).count_run == 0);
}

TEST_CASE("only what descends from the fault and is needed runs again") {
    Laboratory laboratory(diamond, scenario_with(noise_on_a));
    const Planned planned(laboratory.load());
    const Work work = planned.work(planned.with({{"n", 1.0}}));
    CHECK(work.run == std::vector<bool>{false, false, true, true, true, false});
    CHECK(work.count_run == 3);
    CHECK(work.count_reused == 0);
    CHECK(work.count_skipped == 1);  // "unseen" changes, but no metric and no check looks at it

    const Work other = planned.work(planned.with({{"n", 1.0}}, 1));
    CHECK(other.count_run == 3);
    CHECK(planned.with({{"n", 1.0}}).result(mart) != planned.with({{"n", 1.0}}, 1).result(mart));
    CHECK(planned.with({{"n", 1.0}}).result(mart) == planned.with({{"n", 1.0}}).result(mart));
}

TEST_CASE("a fault on an edge leaves the other readers alone") {
    Laboratory laboratory(
        diamond,
        scenario_with(R"json({"id": "e", "node": "a", "consumer": "left", "plugin": "noise",
                                                   "params": {"columns": ["v"], "std": 1}})json"));
    const Planned planned(laboratory.load());
    const TrialPlan trial = planned.with({{"e", 1.0}});
    CHECK(trial.delivered(a, left).address != planned.base.result(a));
    CHECK(trial.delivered(a, right).address == planned.base.result(a));
    CHECK(trial.handed_on(a).address == planned.base.result(a));
    const Work work = planned.work(trial);
    CHECK(work.run == std::vector<bool>{false, false, true, false, true, false});
    CHECK(work.count_reused == 1);
}

TEST_CASE("stacked faults add up on the edge in the scenario's order") {
    Laboratory laboratory(diamond,
                          scenario_with(std::string(noise_on_a) +
                                        R"json(, {"id": "e", "node": "a", "consumer": "left",
                                                   "plugin": "shift", "params": {"columns": ["v"], "delta": 1}})json"));
    const Planned planned(laboratory.load());
    const TrialPlan trial = planned.with({{"n", 1.0}, {"e", 1.0}});
    CHECK(trial.delivered(a, left).faults == std::vector<std::size_t>{0, 1});
    CHECK(trial.delivered(a, right).faults == std::vector<std::size_t>{0});
    CHECK(trial.perturbed(a).size() == 2);
}

TEST_CASE("a mapped severity sets the parameter, at 0 as well") {
    Laboratory laboratory(
        diamond,
        scenario_with(
            R"json({"id": "s", "node": "a", "plugin": "shift", "params": {"columns": ["v"]},
                                                   "severity": {"param": "delta", "from": -2, "to": 6}})json"));
    const Planned planned(laboratory.load());
    const TrialPlan low = planned.with({{"s", 0.0}});
    REQUIRE(low.faults().size() == 1);
    CHECK(low.faults()[0].severity == 1);
    CHECK(low.faults()[0].fault.params()["delta"] == -2.0);
    CHECK(planned.with({{"s", 0.25}}).faults()[0].fault.params()["delta"] == 0.0);
    CHECK(planned.with({{"s", 1.0}}).faults()[0].fault.params()["delta"] == 6.0);
    // shift on all rows draws nothing, so its relation does not depend on the replicate
    CHECK(low.result(mart) == planned.with({{"s", 0.0}}, 5).result(mart));
}

}  // namespace faultline::run
