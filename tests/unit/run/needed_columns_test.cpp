#include <catch2/catch.hpp>
#include <limits>

#include "laboratory.h"
#include "run/trial_execution.h"

// Tables of a trial carry the columns that somebody asks for.

namespace faultline::run {
namespace {

// Nobody asks for the note of staged, until b has a note as well and the join is on both.
const char* const pipeline = R"json({"faultline": "pipeline/1", "name": "p", "nodes": {
  "a": {"source": {"sql": "select i as id, i * 1.5 as v, 'n' || (i % 3) as note, i % 4 as kind from range(60) t(i)"}, "key": ["id"]},
  "b": {"source": {"sql": "select i as id, i * 2.0 as w from range(60) t(i)"}, "key": ["id"]},
  "staged": {"sql": "select * from a where id > 3"},
  "wide": {"sql": "select * from b"},
  "joined": {"sql": "select sum(v * w) as total from staged natural join wide"},
  "kinds": {"sql": "select kind, count(*) as n, sum(v) as v from staged group by kind"}
}, "outputs": ["joined", "kinds"]})json";

std::string scenario(const std::string& drift) {
    return R"json({"faultline": "scenario/1", "title": "t", "pipeline": "pipeline.json", "seed": 3, "perturbations": [
  {"id": "noise", "node": "a", "plugin": "noise", "params": {"columns": ["v"], "std": 3}},
  {"id": "shift", "node": "b", "plugin": "shift", "params": {"columns": ["w"], "delta": 3}})json" +
           drift + R"json(],
 "metrics": [{"id": "total", "output": "joined", "sql": "sum(total)"},
             {"id": "by_kind", "output": "kinds", "sql": "sum(v)", "by": ["kind"]}]})json";
}

const char* const drifting = R"json(,
  {"id": "noted", "node": "b", "plugin": "schema_drift", "params": {"mode": "add", "name": "note", "type": "text", "value": "n1"}})json";

BaseOptions narrow_from(std::uint64_t bytes) {
    BaseOptions options;
    options.narrow_from = bytes;
    return options;
}

std::vector<journal::TrialRecord> records_of(const Experiment& experiment, std::uint64_t bytes,
                                             const std::vector<design::Trial>& trials) {
    BaseRun base(experiment, narrow_from(bytes));
    base.run();
    return records_of(experiment, base, trials);
}

constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

}  // namespace

TEST_CASE("a table that trials share has the columns that are asked for") {
    Laboratory laboratory(pipeline, scenario(""));
    const auto experiment = laboratory.load();
    BaseRun base(experiment, narrow_from(0));
    base.run();
    const auto staged = *experiment.workflow.pipeline.find("staged");
    REQUIRE(base.table_columns().narrows(staged));
    std::vector<std::string> kept;
    for (const auto& column : base.table_columns().of(staged, base.columns(staged)))
        kept.push_back(column.name);
    CHECK(kept == std::vector<std::string>{"id", "v", "kind"});

    const TrialPlan plan(experiment, base.plan(), design::Trial{0, 0, 0, {{"noise", 1.0}}});
    const Work work = work_of(experiment, base.needed(), base.plan(), plan);
    const auto connection = base.engine().connect();
    plugin::Measures measures;
    SharedResults shared;
    for (int trial = 0; trial < 2; ++trial) shared.expect(plan.result(staged));
    const auto columns_after = [&](bool stepwise) {
        TrialExecution execution(experiment, base, *connection, measures, nullptr, plan, work,
                                 stepwise, stepwise ? nullptr : &shared);
        execution.run();
        CHECK(execution.answers().size() == 5);
        // Whoever reads it finds all names and types.
        CHECK(connection->describe(execution.relations().select(plan.result(staged))) ==
              base.columns(staged));
        return connection
            ->query(
                "SELECT * FROM store.\"" +
                std::get<std::string>(connection
                                          ->query("SELECT table_name FROM duckdb_tables() WHERE "
                                                  "table_name LIKE '" +
                                                  plan.result(staged) + "/%'")
                                          .rows.at(0)
                                          .at(0)) +
                "\" LIMIT 1")
            .schema.size();
    };
    CHECK(columns_after(true) == 4);  // to be looked at
    CHECK(columns_after(false) == 3);
}

TEST_CASE("what a trial with other columns would read is carried for all") {
    Laboratory laboratory(pipeline, scenario(drifting));
    const auto experiment = laboratory.load();
    const std::vector<design::Trial> trials{{0, 0, 0, {{"noise", 1.0}}},
                                            {1, 0, 0, {{"noise", 1.0}, {"noted", 1.0}}},
                                            {2, 0, 0, {{"noise", 1.0}, {"shift", 1.0}}}};
    const auto narrow = records_of(experiment, 0, trials),
               whole = records_of(experiment, never, trials);
    for (std::size_t i = 0; i < trials.size(); ++i) {
        INFO(i);
        REQUIRE(narrow[i].values.size() == 5);
        for (std::size_t s = 0; s < 5; ++s)
            CHECK(*narrow[i].values[s] == Approx(*whole[i].values[s]));
    }
    // A third of the rows has that note.
    CHECK(*narrow[1].values[0] < *narrow[0].values[0] / 2);
    CHECK(*narrow[1].values[0] > 0);
}

TEST_CASE("a contract sees the columns that are gone, whoever else asks for nothing") {
    Laboratory laboratory(
        R"json({"faultline": "pipeline/1", "name": "p", "nodes": {
  "a": {"source": {"sql": "select i as id, i / 4 as v from range(60) t(i)"}, "key": ["id"]},
  "out": {"sql": "select * from a", "timeout": "60s", "columns": {"id": "BIGINT", "v": "DOUBLE"}},
  "n": {"sql": "select count(*) as n from a"}},
 "outputs": ["out", "n"]})json",
        R"json({"faultline": "scenario/1", "title": "t", "pipeline": "pipeline.json", "perturbations": [
  {"id": "gone", "node": "a", "plugin": "schema_drift", "params": {"mode": "drop", "columns": ["v"]}}],
 "metrics": [{"id": "n", "output": "n", "sql": "sum(n)"}]})json");
    const auto experiment = laboratory.load();
    for (const auto bytes : {std::uint64_t{0}, never}) {
        const auto records = records_of(experiment, bytes, {{0, 0, 0, {{"gone", 1.0}}}});
        CHECK(records[0].fired.size() == 1);
    }
}

TEST_CASE("steps that say the same carry what either is asked for") {
    Laboratory laboratory(
        R"json({"faultline": "pipeline/1", "name": "p", "nodes": {
  "a": {"source": {"sql": "select i as id, i * 1.5 as x, i * 2.5 as y from range(60) t(i)"}, "key": ["id"]},
  "one": {"sql": "select id, x, y from a"}, "two": {"sql": "select id, x, y from a"},
  "sums": {"sql": "select sum(x) as x from one"}, "others": {"sql": "select sum(y) as y from two"}},
 "outputs": ["sums", "others"]})json",
        R"json({"faultline": "scenario/1", "title": "t", "pipeline": "pipeline.json", "perturbations": [
  {"id": "fewer", "node": "a", "plugin": "resample", "params": {"weight_factor": 0, "where": "id > 30"}}],
 "metrics": [{"id": "x", "output": "sums", "sql": "sum(x)"}, {"id": "y", "output": "others", "sql": "sum(y)"}]})json");
    const auto experiment = laboratory.load();
    const std::vector<design::Trial> trials{{0, 0, 0, {{"fewer", 1.0}}},
                                            {1, 0, 1, {{"fewer", 0.5}}}};
    const auto narrow = records_of(experiment, 0, trials),
               whole = records_of(experiment, never, trials);
    for (std::size_t i = 0; i < trials.size(); ++i) {
        REQUIRE(whole[i].values.size() == 2);
        CHECK(whole[i].values[1].has_value());
        CHECK(narrow[i].values == whole[i].values);
    }
}

}  // namespace faultline::run
