#include <catch2/catch.hpp>

#include "core/error.h"
#include "laboratory.h"
#include "run/out_of_memory.h"

using namespace faultline;
using namespace faultline::run;

TEST_CASE("what an engine says of memory is told in terms of what can be changed") {
    const std::string said = advised(
        "Out of Memory Error: failed to allocate data of size 256.0 KiB (190.6 MiB/190.7 MiB used)"
        "\n\nPossible solutions:\n* Increasing the memory limit (SET memory_limit='...GB')");
    CHECK_THAT(said, Catch::StartsWith("Out of Memory Error: ") &&
                         Catch::Contains("\"memory\" in the scenario's limits"));
    CHECK(said.find("190") == std::string::npos);
    CHECK(said.find("SET") == std::string::npos);
    CHECK(advised("Binder Error: no such column") == "Binder Error: no such column");
}

TEST_CASE("a step that the memory is too small for is bad input, told once and with the remedy") {
    // A list has to be in memory as a whole.
    Laboratory laboratory(
        R"json({"faultline": "pipeline/1", "name": "p", "nodes": {
            "s": {"source": {"sql": "select i as v from range(8000000) t(i)"}},
            "whole": {"sql": "select list(v) as all_of_it from s"}}, "outputs": ["whole"]})json",
        R"json({"faultline": "scenario/1", "title": "t", "pipeline": "pipeline.json", "seed": 3, "perturbations": [
            {"id": "x", "node": "s", "plugin": "shift", "params": {"columns": ["v"], "delta": 7}}],
            "metrics": [{"id": "n", "output": "whole", "sql": "sum(len(all_of_it))"}],
            "limits": {"memory": "80MB"}})json");
    RunOptions options;
    options.out = laboratory.folder() / "out";
    std::string said;
    try {
        (void)execute(laboratory.load(), options);
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::user);
        said = error.what();
    }
    CHECK_THAT(said, Catch::Contains("/nodes/whole/sql") &&
                         Catch::Contains("\"memory\" in the scenario's limits"));
    CHECK_FALSE(std::filesystem::exists(options.out));
}

TEST_CASE("memory that other trials have taken is no crash: the trial is run again alone") {
    // Each trial needs more than half of what there is, for a list that has to be in memory.
    const auto outcomes = [](unsigned jobs) {
        Laboratory laboratory(
            R"json({"faultline": "pipeline/1", "name": "p", "nodes": {
                "s": {"source": {"sql": "select i as v from range(2000000) t(i)"}, "key": ["v"]},
                "whole": {"sql": "select len(list(v)) as n from s"}}, "outputs": ["whole"]})json",
            R"json({"faultline": "scenario/1", "title": "t", "pipeline": "pipeline.json", "seed": 3, "perturbations": [
                {"id": "x", "node": "s", "plugin": "noise", "params": {"columns": ["v"], "std": 7}}],
                "metrics": [{"id": "n", "output": "whole", "sql": "sum(n)", "tolerance": {"absolute": 1}}],
                "profile": 0, "design": {"method": "one_at_a_time", "replicates": 8},
                "limits": {"memory": "110MB"}})json");
        std::vector<journal::Outcome> ended;
        for (const auto& trial : laboratory.run(jobs).trials) ended.push_back(trial.outcome);
        return ended;
    };
    const std::vector<journal::Outcome> all_well(8, journal::Outcome::absorbed);
    CHECK(outcomes(1) == all_well);
    CHECK(outcomes(4) == all_well);
}
