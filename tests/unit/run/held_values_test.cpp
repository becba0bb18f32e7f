// What faults look up by place is held for all trials of a run, whoever makes it.
#include <catch2/catch.hpp>

#include "laboratory.h"

using namespace faultline;
using namespace faultline::run;

TEST_CASE("workers that look up in the same held values leave the same records as one") {
    // Keys with gaps, since those without are computed and not looked up.
    Laboratory laboratory(
        R"json({"faultline": "pipeline/1", "name": "p", "nodes": {
            "s": {"source": {"sql": "select 3 * i + i % 2 as id, i % 7 as g, (i * 37 % 1009) / 4.0 as v from range(3000) t(i)"}, "key": ["id"]},
            "t": {"sql": "select g, sum(v * id) as n, count(distinct id) as ids from s group by g"}}, "outputs": ["t"]})json",
        R"json({"faultline": "scenario/1", "title": "t", "pipeline": "pipeline.json", "seed": 3, "perturbations": [
            {"id": "moved", "node": "s", "plugin": "shuffle", "params": {"columns": ["v"]}},
            {"id": "keys", "node": "s", "plugin": "duplicate_keys", "params": {"fraction": 0.3}},
            {"id": "broken", "node": "s", "plugin": "dependency_broken", "params": {"columns": ["v"], "determinant": "g"}}],
            "metrics": [{"id": "n", "output": "t", "sql": "sum(n)"}, {"id": "ids", "output": "t", "sql": "sum(ids)"}],
            "design": {"method": "dose_response", "replicates": 2, "levels": [0.3, 0.6, 1]}})json");
    const auto alone = laboratory.run(1);
    CHECK(alone.trials.size() == 3 * 3 * 2);
    for (const auto& trial : alone.trials) CHECK(trial.outcome != journal::Outcome::crashed);
    CHECK(lines_of(alone) == lines_of(laboratory.run(4)));
}
