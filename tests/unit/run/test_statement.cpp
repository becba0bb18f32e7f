#include <catch2/catch.hpp>

#include "laboratory.h"
#include "run/baseline.h"
#include "run/flat_sql.h"
#include "run/trial_execution.h"

// A fused trial is one statement over flat parts; it must see what running node by node sees.

namespace faultline::run {
namespace {

// An edge with a fault of its own, a text that hides its input behind the same name, a diamond, a
// reader that mentions its input twice, checks, and segments of several types, NULL among them.
const char* const pipeline = R"json({"faultline": "pipeline/1", "name": "p", "nodes": {
  "a": {"source": {"sql": "select i as id, case when i % 7 = 0 then null else i % 3 end as kind, date '2024-01-01' + cast(i % 2 as integer) as day, i * 1.5 as v from range(300) t(i)"}, "key": ["id"]},
  "twin": {"source": {"sql": "select i as id, case when i % 7 = 0 then null else i % 3 end as kind, date '2024-01-01' + cast(i % 2 as integer) as day, i * 1.5 as v from range(300) t(i)"}, "key": ["id"]},
  "staged": {"sql": "with A as (select * from a where id > 3) select * from A -- the same name, inside"},
  "west": {"sql": "select id, v + 1 as v, kind, day from staged"},
  "east": {"sql": "select id, v * 2 as v from staged"},
  "joined": {"sql": "select l.id, l.kind, l.day, l.v + r.v as v from west l join east r using (id) join twin t using (id)"},
  "above": {"sql": "select * from joined where v > (select avg(v) from joined)"},
  "count_only": {"sql": "select count(*) as n from staged"}
}, "outputs": ["above", "joined", "count_only"]})json";

const char* const scenario =
    R"json({"faultline": "scenario/1", "title": "t", "pipeline": "pipeline.json", "seed": 5, "perturbations": [
  {"id": "noise", "node": "a", "plugin": "noise", "params": {"columns": ["v"], "std": 3}},
  {"id": "edge", "node": "staged", "consumer": "east", "plugin": "nulls", "params": {"columns": ["v"], "fraction": 0.3}},
  {"id": "twin_shift", "node": "twin", "plugin": "shift", "params": {"columns": ["v"], "delta": 1}},
  {"id": "lost", "node": "joined", "plugin": "nulls", "params": {"columns": ["kind"], "fraction": 0.2}}],
 "checks": [{"id": "known", "node": "west", "sql": "select 1 from {node} where v is null"},
            {"id": "whole", "node": "east", "sql": "select 1 from {node} where v is null"},
            {"id": "many", "node": "above", "expect": "row_count", "min": 500}],
 "metrics": [{"id": "by_kind", "output": "above", "sql": "sum(v)", "by": ["kind", "day"]},
             {"id": "top", "output": "above", "sql": "max(v)", "by": ["kind", "day"]},
             {"id": "all", "output": "joined", "sql": "avg(v)"},
             {"id": "n", "output": "count_only", "sql": "sum(n)"}],
 "design": {"method": "sobol", "rows": 4}})json";

}  // namespace

TEST_CASE("one statement sees what running node by node sees", "[single-threaded]") {
    Laboratory laboratory(pipeline, scenario);
    const auto experiment = laboratory.load();
    BaseRun base(experiment, {});
    base.run();
    const auto connection = base.engine().connect();
    plugin::Measures measures;
    std::size_t statements = 0;
    for (const auto& trial :
         design::make_design(experiment.scenario.design, experiment.factors, "")->next({})) {
        const TrialPlan plan(experiment, base.plan(), trial);
        const Work work = work_of(experiment, base.needed(), base.plan(), plan);
        TrialExecution fused(experiment, base, *connection, measures, nullptr, plan, work, false);
        TrialExecution apart(experiment, base, *connection, measures, nullptr, plan, work, true);
        const auto failure = [](TrialExecution& execution) -> std::string {
            try {
                execution.run();
            } catch (const TrialFailure& failed) {
                return failed.failure.node + ": " + failed.failure.message;
            }
            return {};
        };
        const auto failed = failure(apart);
        INFO(failed);
        CHECK(failure(fused) == failed);
        if (!failed.empty()) continue;
        REQUIRE(fused.answers().size() == apart.answers().size());
        for (std::size_t i = 0; i < apart.answers().size(); ++i) {
            CHECK(fused.answers()[i].metric == apart.answers()[i].metric);
            CHECK(fused.answers()[i].segment == apart.answers()[i].segment);
            REQUIRE(fused.answers()[i].value.has_value() == apart.answers()[i].value.has_value());
            if (apart.answers()[i].value)
                CHECK(*fused.answers()[i].value ==
                      Approx(*apart.answers()[i].value).epsilon(1e-12));
        }
        REQUIRE(fused.checks().size() == apart.checks().size());
        for (const auto& [id, state] : apart.checks()) {
            INFO(id);
            CHECK(fused.checks().at(id).fired == state.fired);
        }
        for (const auto& [id, key] : apart.answer_keys())
            CHECK(fused.answer_keys().at(id).to_json() == key.to_json());
        if (!trial.severities.empty()) CHECK(fused.statements().size() < apart.statements().size());
        statements += fused.statements().size();
    }
    CHECK(statements > 0);
}

TEST_CASE("two forms of one node are two names in a flat statement") {
    Laboratory laboratory(pipeline, scenario);
    const auto experiment = laboratory.load();
    BaseRun base(experiment, {});
    base.run();
    const TrialPlan plan(experiment, base.plan(), design::Trial{0, 0, 0, {{"edge", 1.0}}});
    const auto& nodes = experiment.workflow.pipeline;
    const auto east = *nodes.find("east"), west = *nodes.find("west");
    Relations relations(&base.relations());
    relations.set(plan.delivered(*nodes.find("staged"), east).address, "SELECT 1 AS id, 2 AS v");
    relations.set_step(plan.result(east), east);
    FlatSql flat(experiment, plan, relations, base.engine().dialect());
    const auto body = flat.question({west, east}, "SELECT count(*) FROM \"west\", \"east\"");
    const auto statement = flat.statement(body);
    INFO(statement);
    CHECK(statement.find("\"staged\"") != std::string::npos);
    CHECK(std::get<std::int64_t>(base.engine().connect()->query(statement).rows[0][0]) == 296);
}

TEST_CASE("what a fault is made of stands in the one flat list, and a second form keeps its own") {
    Laboratory laboratory(
        R"json({"faultline": "pipeline/1", "name": "p", "nodes": {
  "a": {"source": {"sql": "select i as id, i * 1.5 as v from range(20) t(i)"}, "key": ["id"]},
  "b": {"source": {"sql": "select i as id, i * 0.5 as w from range(20) t(i)"}, "key": ["id"]},
  "total": {"sql": "select sum(v * w) as total from a join b using (id)"}}, "outputs": ["total"]})json",
        R"json({"faultline": "scenario/1", "title": "t", "pipeline": "pipeline.json", "perturbations": [
  {"id": "noise", "node": "a", "plugin": "noise", "params": {"columns": ["v"], "std": 3}},
  {"id": "shift", "node": "b", "plugin": "shift", "params": {"columns": ["w"], "delta": 1}}],
 "metrics": [{"id": "total", "output": "total", "sql": "sum(total)"}]})json");
    const auto experiment = laboratory.load();
    BaseRun base(experiment, {});
    base.run();
    const auto connection = base.engine().connect();
    plugin::Measures measures;
    const TrialPlan plan(experiment, base.plan(),
                         design::Trial{0, 0, 0, {{"noise", 1.0}, {"shift", 1.0}}});
    const Work work = work_of(experiment, base.needed(), base.plan(), plan);
    TrialExecution execution(experiment, base, *connection, measures, nullptr, plan, work, false);
    execution.run();
    const auto statement = execution.statements().back();
    INFO(statement);
    for (const auto* name : {"a", "b"})
        CHECK(statement.find("\n\"__fl_node" +
                             std::to_string(*experiment.workflow.pipeline.find(name)) +
                             "_out0\" AS NOT MATERIALIZED") != std::string::npos);
    CHECK(statement.find("(WITH \"__fl_") == std::string::npos);

    // Of one node two forms in one statement, as an edge's and the others'.
    const auto a = *experiment.workflow.pipeline.find("a");
    Relations relations(&base.relations());
    const std::string with = "WITH \"__fl_x\" AS (SELECT 1 AS v)\n",
                      again = "WITH \"__fl_x\" AS (SELECT 2 AS v)\n";
    relations.set("one", with + "SELECT v FROM \"__fl_x\"", with.size());
    relations.set("two", again + "SELECT v FROM \"__fl_x\"", again.size());
    FlatSql flat(experiment, plan, relations, base.engine().dialect());
    const auto one = flat.relation(a, "one"), two = flat.relation(a, "two");
    const auto rows = connection->query(flat.statement(one + " UNION ALL " + two)).rows;
    REQUIRE(rows.size() == 2);
    CHECK(std::get<std::int64_t>(rows[0][0]) + std::get<std::int64_t>(rows[1][0]) == 3);
}

TEST_CASE("questions asked together come apart in order") {
    const auto engine = engine::open_duckdb({});
    AskedTogether together;
    together.add(
        "SELECT k, d, sum(v) FROM (VALUES ('b', date '2024-01-02', 1), (NULL, NULL, 2), ('a', date "
        "'2024-01-01', 4)) t(k, d, v) GROUP BY 1, 2",
        3, 2);
    together.add("SELECT 1 WHERE false", 1, 0);
    together.add("SELECT 1 FROM (VALUES (1)) LIMIT 1", 1, 0);
    const auto rows = together.apart(engine->connect()->query(together.sql()));
    REQUIRE(rows.size() == 3);
    REQUIRE(rows[0].rows.size() == 3);
    CHECK(std::get<std::string>(rows[0].rows[0][0]) == "a");
    CHECK(std::get<std::string>(rows[0].rows[1][1]) == "2024-01-02");
    CHECK(std::holds_alternative<std::monostate>(rows[0].rows[2][0]));  // as alone: NULL is last
    CHECK(rows[1].rows.empty());
    CHECK(rows[2].rows.size() == 1);
}

}  // namespace faultline::run
