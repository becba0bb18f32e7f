#include "../../documents/corpus.h"
#include "expect_problem.h"
#include "model/scenario.h"

using namespace faultline;
using namespace faultline::model;
using std::chrono::milliseconds;

namespace {
using Names = std::vector<std::string>;

Pipeline pipeline_of(const std::string& name) {
    return parse_pipeline(corpus::document(name + ".pipeline.json"),
                          "dir/" + name + ".pipeline.json");
}
Scenario scenario_of(const std::string& name) {
    return parse_scenario(corpus::document(name + ".scenario.json"),
                          "dir/" + name + ".scenario.json");
}
}  // namespace

TEST_CASE("the contract's pipeline is read as it stands") {
    const Pipeline pipeline = pipeline_of("contract");
    CHECK(pipeline.name == "store_sales");
    CHECK(pipeline.folder == "dir");
    CHECK(pipeline.file == "dir/contract.pipeline.json");
    CHECK(pipeline.node_names() == Names{"orders", "lines", "revenue", "scores"});
    CHECK(pipeline.outputs == Names{"revenue", "scores"});
    CHECK(pipeline.now.empty());
    CHECK(pipeline.document["name"] == "store_sales");

    const Node& orders = pipeline.nodes[0];
    CHECK(orders.kind == NodeKind::source);
    CHECK(orders.source.paths == Names{"data/orders.csv"});
    CHECK(orders.source.format == FileFormat::csv);
    CHECK(orders.source.reader == Reader::frozen);
    CHECK(orders.source.csv == Json::object());
    CHECK(orders.key == Names{"order_id"});
    CHECK(orders.batch == "order_date");
    CHECK(orders.owner == "sales-platform");
    CHECK(orders.pointer == "/nodes/orders");
    CHECK_FALSE(orders.inputs);
    CHECK_FALSE(orders.timeout);

    CHECK(pipeline.nodes[1].source.sql.starts_with("select i as line_id"));
    CHECK(pipeline.nodes[1].source.paths.empty());

    CHECK(pipeline.nodes[2].kind == NodeKind::sql);
    CHECK_FALSE(pipeline.nodes[2].inputs);

    const Node& scores = pipeline.nodes[3];
    CHECK(scores.kind == NodeKind::command);
    CHECK(scores.command.argv == Names{"python3", "score.py", "{in:revenue}", "{out}"});
    CHECK(scores.command.exchange == FileFormat::parquet);
    CHECK(scores.timeout == milliseconds(60000));
    REQUIRE(scores.inputs);
    CHECK(*scores.inputs == Names{"revenue"});
}

TEST_CASE("the contract's scenario is read as it stands") {
    const Scenario scenario = scenario_of("contract");
    CHECK(scenario.title == "How fragile is revenue by territory?");
    CHECK(scenario.pipeline == "pipeline.json");
    CHECK(scenario.seed == 7);
    REQUIRE(scenario.perturbations.size() == 3);
    CHECK(scenario.perturbations[0].params == Json({{"fraction", 0.2}}));
    CHECK_FALSE(scenario.perturbations[0].severity);
    REQUIRE(scenario.perturbations[1].severity);
    CHECK(scenario.perturbations[1].severity->param == "delta");
    CHECK(scenario.perturbations[1].severity->from == -3.14);
    CHECK(scenario.perturbations[1].severity->to == 3.14);
    CHECK(scenario.perturbations[1].pointer == "/perturbations/1");
    CHECK(scenario.perturbations[2].consumer == "revenue");
    REQUIRE(scenario.metrics.size() == 1);
    CHECK(scenario.metrics[0].by == Names{"territory"});
    CHECK(scenario.metrics[0].tolerance.relative == 0.02);
    CHECK_FALSE(scenario.metrics[0].tolerance.absolute);
    REQUIRE(scenario.checks.size() == 2);
    CHECK(scenario.checks[0].sql == "select * from {node} where qty <= 0");
    CHECK_FALSE(scenario.checks[0].expectation);
    CHECK(scenario.checks[1].expectation == Expectation::not_null);
    CHECK(scenario.checks[1].columns == Names{"order_id"});
    CHECK(scenario.design.method == "one_at_a_time");
    CHECK(scenario.design.replicates == 16);
    CHECK(scenario.design.confidence == 0.95);
    CHECK(scenario.limits.memory_bytes == 4000000000u);
    CHECK(scenario.limits.deadline == milliseconds(1800000));
    CHECK(scenario.limits.timeout == milliseconds(60000));
}

TEST_CASE("every key of a pipeline arrives") {
    const Pipeline pipeline = pipeline_of("full");
    CHECK(pipeline.now == "2024-02-29T06:30:15.25+02:00");
    CHECK(pipeline.owners.at("mart") == "mart@example.org");
    CHECK(pipeline.outputs == Names{"scored", "ménage à trois"});

    const Node& orders = pipeline.nodes[*pipeline.find("ORDERS")];
    CHECK(orders.source.paths.size() == 2);
    CHECK(orders.source.csv["delimiter"] == "||");
    CHECK(orders.source.csv["null"] == Json({"", "NA"}));
    CHECK(orders.source.csv.size() == 11);
    REQUIRE(orders.source.columns.size() == 3);
    CHECK(orders.source.columns[2].name == "price");
    CHECK(orders.source.columns[2].type == "DECIMAL(12,2)");
    CHECK(orders.key == Names{"order_id"});
    REQUIRE(orders.columns.size() == 2);
    CHECK(orders.columns[1].name == "day");
    CHECK(orders.columns[1].type.empty());
    CHECK(orders.timeout == milliseconds(2500));

    CHECK(pipeline.nodes[1].source.format == FileFormat::json);
    CHECK(pipeline.nodes[1].source.reader == Reader::sniff);
    CHECK(pipeline.nodes[2].source.format == FileFormat::parquet);
    CHECK(pipeline.nodes[3].source.format == FileFormat::csv);
    CHECK(pipeline.nodes[3].source.csv["delimiter"] == "\t");
    // Names of nodes come back in their declared spelling.
    CHECK(*pipeline.nodes[5].inputs == Names{"orders", "events", "stock"});
    CHECK(pipeline.nodes[6].inputs->empty());
    const Node& scored = pipeline.nodes[7];
    CHECK(*scored.inputs == Names{"orders", "rates", "days"});
    CHECK(scored.command.exchange == FileFormat::csv);
    CHECK(scored.command.files == Names{"model.json", "lib/*.py"});
    CHECK(scored.command.memory_bytes == 2ULL << 30);
    CHECK(scored.command.env == Names{"HOME", "TZ=UTC"});
    CHECK(scored.timeout == milliseconds(5400000));
    CHECK_FALSE(pipeline.find("nothing"));
}

TEST_CASE("every key of a scenario arrives") {
    const Scenario scenario = scenario_of("full");
    CHECK(scenario.seed == 9223372036854775807u);
    CHECK(scenario.perturbations[1].severity->to == -150);
    CHECK(scenario.perturbations[2].params == Json::object());
    CHECK(scenario.metrics[0].tolerance.relative == 0.01);
    CHECK(scenario.metrics[1].by == Names{"day"});
    CHECK(scenario.metrics[1].tolerance.absolute == 0);
    CHECK(scenario.metrics[1].tolerance.noise == 3);
    CHECK(scenario.metrics[2].by.empty());
    CHECK_FALSE(scenario.metrics[2].tolerance.relative);
    CHECK(scenario.checks[3].values == Json({"a", 1, 2.5, true}));
    CHECK(scenario.checks[4].to == "orders");
    CHECK(scenario.checks[4].field == "order_id");
    CHECK(scenario.checks[5].min == 1);
    CHECK_FALSE(scenario.checks[5].max);
    CHECK(scenario.checks[7].max == 1e6);
    CHECK(scenario.checks[8].contract.empty());
    CHECK(scenario.checks[9].contract[0].type == "TIMESTAMP");
    CHECK(scenario.checks[10].contract[0].type.empty());
    CHECK(scenario.design.replicates == 8);
    CHECK(scenario.design.rows == 64u);
    CHECK(scenario.design.levels == std::vector<double>{0.25, 0.5, 1});
    CHECK(scenario.design.budget == 5000u);
    CHECK(scenario.design.stop->width == 0.05);
    CHECK(scenario.design.groups == std::vector<Names>{{"noise on prices", "delta"}, {"bare"}});
    CHECK(scenario.design.second_order);
    CHECK(scenario.design.seed == 3u);
    CHECK(scenario.limits.memory_bytes == 1610612736u);
    CHECK(scenario.limits.deadline == milliseconds(1800000));
    CHECK(scenario.limits.timeout == milliseconds(500));
}

TEST_CASE("whole numbers reach the end of 64 bits, and may be written with a point") {
    const auto seed_of = [](const std::string& written) {
        const std::string text = corpus::document("small.scenario.json");
        return parse_scenario(corpus::swapped(text, Json({"\"title\"",
                                                          "\"seed\": " + written + ", \"title\""})),
                              "s.json")
            .seed;
    };
    CHECK(seed_of("18446744073709551615") == 18446744073709551615u);
    CHECK(seed_of("8.0") == 8);
    CHECK(seed_of("1e3") == 1000);
    CHECK(seed_of("9007199254740992.0") == 9007199254740992u);
    CHECK(seed_of("-0.0") == 0);
}

TEST_CASE("defaults stand where a scenario says nothing") {
    const Scenario scenario = parse_scenario(R"doc({"faultline": "scenario/1", "pipeline": "p.json",
        "perturbations": [{"id": "p", "node": "n", "plugin": "noop"}],
        "metrics": [{"id": "m", "output": "n", "sql": "count(*)"}]})doc",
                                             "s.json");
    CHECK(scenario.seed == 0);
    CHECK(scenario.title.empty());
    CHECK(scenario.design.method == "auto");
    CHECK_FALSE(scenario.design.method_stated);
    CHECK(scenario.design.replicates == 8);
    CHECK(scenario.design.confidence == 0.95);
    CHECK(scenario.design.levels.empty());
    CHECK_FALSE(scenario.design.seed);
    CHECK_FALSE(scenario.limits.memory_bytes);
    CHECK(scenario.folder == ".");

    const auto design_of = [](const std::string& design) {
        return parse_scenario(R"doc({"faultline": "scenario/1", "pipeline": "p.json",
        "perturbations": [{"id": "p", "node": "n", "plugin": "noop"}], "design": )doc" +
                                  design + R"doc(,
        "metrics": [{"id": "m", "output": "n", "sql": "count(*)"}]})doc",
                              "s.json")
            .design;
    };
    CHECK(design_of(R"({"method": "auto"})").method_stated);
    // Severities that are stated are severities to try.
    CHECK(design_of(R"({"levels": [0.5, 1]})").method == "one_at_a_time");
    CHECK(design_of(R"({"method": "full_factorial", "levels": [0.5, 1]})").method ==
          "full_factorial");
}

TEST_CASE("a byte-order mark, comments and Windows line ends are no trouble") {
    std::string text =
        "\xef\xbb\xbf// first\r\n" + corpus::document("small.pipeline.json") + "/* last */";
    CHECK(parse_pipeline(text, "p.json").nodes.size() == 3);
}

TEST_CASE("formats follow from extensions, in any case") {
    const auto format_of = [](const std::string& path) {
        const Json document = {{"faultline", "pipeline/1"},
                               {"name", "n"},
                               {"nodes", {{"a", {{"source", {{"path", path}}}}}}},
                               {"outputs", Json::array({"a"})}};
        return parse_pipeline(document.dump(), "p.json").nodes[0].source.format;
    };
    for (const char* path :
         {"a.csv", "a.CSV", "a.tsv", "a.csv.gz", "a.csv.zst", "*/*.csv", "a.b.csv"})
        CHECK(format_of(path) == FileFormat::csv);
    for (const char* path : {"a.json", "a.jsonl", "a.ndjson.gz", "A.JSON"})
        CHECK(format_of(path) == FileFormat::json);
    CHECK(format_of("year=*/a.parquet") == FileFormat::parquet);
}

TEST_CASE("a tab separates the fields of .tsv files, and of no others") {
    const auto delimiter_of = [](const Json& path, const Json& csv) {
        const Json document = {
            {"faultline", "pipeline/1"},
            {"name", "n"},
            {"nodes", {{"a", {{"source", {{"path", path}, {"format", "csv"}, {"csv", csv}}}}}}},
            {"outputs", Json::array({"a"})}};
        return parse_pipeline(document.dump(), "p.json")
            .nodes[0]
            .source.csv.value("delimiter", "guessed");
    };
    const Json none = Json::object();
    CHECK(delimiter_of("a.TSV", none) == "\t");
    CHECK(delimiter_of("a.tsv.gz", none) == "\t");
    CHECK(delimiter_of("a.tsv", {{"delimiter", ";"}}) == ";");
    CHECK(delimiter_of("old.tsv.d/a.csv", none) == "guessed");
    CHECK(delimiter_of(Json::array({"a.tsv", "b.csv"}), none) == "guessed");
}

TEST_CASE("a scenario is held against its pipeline") {
    check_against(scenario_of("full"), pipeline_of("full"));
    check_against(scenario_of("small"), pipeline_of("small"));

    const auto problems =
        problems_of([] { check_against(scenario_of("contract"), pipeline_of("contract")); });
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].pointer == "/perturbations/1/node");
    CHECK(problems[0].file == "dir/contract.scenario.json");
    CHECK(problems[0].message().find("\"x1\"") != std::string::npos);
}

TEST_CASE("all that dangles between the two is said at once") {
    const Scenario scenario = parse_scenario(R"doc({"faultline": "scenario/1", "pipeline": "p.json",
        "perturbations": [{"id": "p", "node": "oders", "consumer": "marts", "plugin": "noop"}],
        "metrics": [{"id": "m", "output": "orders", "sql": "count(*)"},
                    {"id": "n", "output": "Mart", "sql": "count(*)"}],
        "checks": [{"id": "a", "node": "scoers", "expect": "row_count", "min": 1},
                   {"id": "b", "node": "mart", "expect": "relationships", "columns": ["x"], "to": "order", "field": "x"},
                   {"id": "c", "node": "mart", "expect": "columns"}]})doc",
                                             "s.json");
    const auto problems = problems_of([&] { check_against(scenario, pipeline_of("small")); });
    INFO(listed(problems));
    CHECK(problems.size() == 6);
    CHECK(has_problem(problems, "/perturbations/0/node", "did you mean \"orders\"?"));
    CHECK(has_problem(problems, "/perturbations/0/consumer", "did you mean \"mart\"?"));
    CHECK(has_problem(problems, "/metrics/0/output",
                      "expected an output of dir/small.pipeline.json"));
    CHECK(has_problem(problems, "/checks/0/node", "did you mean \"scores\"?"));
    CHECK(has_problem(problems, "/checks/1/to", "did you mean \"orders\"?"));
    CHECK(has_problem(problems, "/checks/2", "no \"contract\""));
}
