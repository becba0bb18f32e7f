#include <catch2/catch.hpp>

#include "core/error.h"
#include "run/workflow.h"

namespace faultline::run {
namespace {

std::string problems_of(const std::string& nodes, const std::string& output = "out") {
    const std::string text = R"json({"faultline": "pipeline/1", "name": "p", "nodes": {)json" +
                             nodes + R"json(}, "outputs": [")json" + output + R"json("]})json";
    try {
        const auto engine = engine::open_duckdb({});
        (void)make_workflow(model::parse_pipeline(text, "p.json"), *engine);
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::user);
        return error.what();
    }
    return {};
}

const std::string source = R"json("src": {"source": {"sql": "select 1 as x"}},)json";

}  // namespace

TEST_CASE("inputs are read from the text") {
    const auto engine = engine::open_duckdb({});
    const Workflow workflow = make_workflow(
        model::parse_pipeline(R"json({"faultline": "pipeline/1", "name": "p", "nodes": {
            "out": {"sql": "with src as (select * from SRC) select * from src join other on true; -- done"},
            "src": {"source": {"sql": "select 1 as x"}}, "other": {"source": {"sql": "select 2 as y"}}}, "outputs": ["out"]})json",
                              "p.json"),
        *engine);
    CHECK(workflow.dag.inputs(0) == std::vector<graph::NodeIndex>{1, 2});
}

TEST_CASE("white space and comments do not change what a step is") {
    const auto engine = engine::open_duckdb({});
    const auto canonical = [&](const std::string& sql) {
        return make_workflow(model::parse_pipeline(
                                 R"json({"faultline": "pipeline/1", "name": "p", "nodes": {)json" +
                                     source + R"json("out": {"sql": ")json" + sql +
                                     R"json("}}, "outputs": ["out"]})json",
                                 "p.json"),
                             *engine)
            .canonical[1];
    };
    CHECK(canonical("select x from src") == canonical("SELECT  x /* that */ FROM src"));
    CHECK(canonical("select x from src") != canonical("select x + 1 as x from src"));
}

TEST_CASE("each thing wrong with a step has a message at its pointer") {
    const auto has = [](const std::string& text) { return Catch::Matchers::Contains(text); };
    const auto out = [](const std::string& sql) {
        return problems_of(source + R"json("out": {"sql": ")json" + sql + R"json("})json");
    };
    CHECK_THAT(out("select * from srk"),
               has("p.json: /nodes/out/sql") && has("\"srk\"") && has("did you mean \"src\""));
    CHECK_THAT(out("selec * from src"), has("/nodes/out/sql") && has("does not parse"));
    CHECK_THAT(out("select 1; select 2"), has("2 statements") && has("exactly one SELECT"));
    CHECK_THAT(out("drop table src"), has("/nodes/out/sql") && has("exactly one SELECT"));
    CHECK_THAT(out("select * from read_csv('x.csv')"), has("read_csv()"));
    CHECK_THAT(out("select * from 'x.csv'"), has("x.csv") && has("the name of a node"));
    CHECK_THAT(problems_of(source + R"json("out": {"sql": "select * from src", "inputs": ["two"]},
                                          "two": {"sql": "select 1 as y"})json"),
               has("\"inputs\" does not name"));
    CHECK_THAT(problems_of(R"json("src": {"source": {"sql": "select * from out"}},
                                 "out": {"sql": "select * from src"})json"),
               has("/nodes/src/source/sql") && has("reads no table"));
}

TEST_CASE("a cycle is printed") {
    CHECK_THAT(
        problems_of(
            R"json("a": {"sql": "select * from c"}, "b": {"sql": "select * from a"}, "c": {"sql": "select * from b"})json",
            "c"),
        Catch::Matchers::Contains("a → b → c → a") || Catch::Matchers::Contains("a → c → b → a"));
}

TEST_CASE("all problems come at once") {
    const std::string all = problems_of(
        source +
        R"json("out": {"sql": "select * from srk"}, "two": {"sql": "select 1; select 2"})json");
    CHECK(std::count(all.begin(), all.end(), '\n') == 1);
}

}  // namespace faultline::run
