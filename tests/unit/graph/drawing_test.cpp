#include <catch2/catch.hpp>
#include <cstdlib>

#include "core/error.h"
#include "graph/dag.h"
#include "pipelines.h"

using namespace faultline;
using namespace faultline::graph;
using test::Inputs;
using test::pipeline_of;

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Sets an environment variable while it lives.
class Scoped {
  public:
    Scoped(const char* name, const std::string& value) : name_(name) {
        if (const char* old = std::getenv(name)) old_ = old;
        setenv(name, value.c_str(), 1);
    }
    ~Scoped() { setenv(name_, old_.c_str(), 1); }
    Scoped(const Scoped&) = delete;
    Scoped& operator=(const Scoped&) = delete;

  private:
    const char* name_;
    std::string old_;
};

}  // namespace

TEST_CASE("The JSON form says what the graph knows") {
    const Inputs inputs{{}, {}, {0, 1}, {2}};
    auto pipeline = pipeline_of({"orders", "lines", "sales", "revenue"}, inputs, {"Revenue"});
    pipeline.nodes[0].owner = "platform";
    const auto document = model::Json::parse(to_json(pipeline, Dag(pipeline, inputs)));
    CHECK(document["nodes"][2].dump() ==
          R"({"name":"sales","kind":"sql","owner":null,"output":false,"inputs":["orders","lines"],)"
          R"("consumers":["revenue"],"single_point_of_failure_for":["Revenue"]})");
    CHECK(document["nodes"][0]["owner"] == "platform");
    CHECK(document["nodes"][0]["single_point_of_failure_for"].empty());
    CHECK(document["nodes"][3]["output"] == true);
    CHECK(
        document["edges"].dump() ==
        R"([{"from":"orders","to":"sales"},{"from":"lines","to":"sales"},{"from":"sales","to":"revenue"}])");
    CHECK(document["order"].dump() == R"(["orders","lines","sales","revenue"])");
}

TEST_CASE("DOT marks kinds, owners, outputs and single points of failure") {
    const Inputs inputs{{}, {0}, {1}};
    auto pipeline = pipeline_of({"raw", "score", "mart"}, inputs, {"mart"});
    pipeline.nodes[1].kind = model::NodeKind::command;
    pipeline.nodes[0].owner = "a team";
    const std::string dot = to_dot(pipeline, Dag(pipeline, inputs));
    CHECK(has(dot, R"(n0 [label="raw\na team")"));
    CHECK(has(
        dot,
        "shape=cylinder, fillcolor=\"#77aadd\", color=\"#a50026\", penwidth=2.6, peripheries=1"));
    CHECK(has(dot, "shape=component"));
    CHECK(
        has(dot, "shape=box, fillcolor=\"#eeeeee\", color=\"#333333\", penwidth=1, peripheries=2"));
    CHECK(has(dot, "n0 -> n1;"));
    CHECK(has(dot, "subgraph cluster_legend"));
    CHECK(has(dot, "single point of failure for mart"));
    CHECK(has(dot, "rankdir=LR"));
}

TEST_CASE(
    "Whatever the names, Graphviz draws them as they are and the SVG holds no markup of theirs") {
    const std::string nasty = "<script>alert(\"1\")</script>";
    const std::vector<std::string> names{nasty,
                                         "a\"b",
                                         "back\\slash\\",
                                         "two\nlines",
                                         "<b>html</b>",
                                         "a & b",
                                         "&lt;literal",
                                         "\\N \\G",
                                         "naïve – 表 🙂",
                                         std::string("c\x01\x7f"),
                                         "n0 -> n1",
                                         "]; evil [x=\"y\"]"};
    Inputs inputs(names.size());
    for (std::size_t i = 1; i < names.size(); ++i) inputs[i] = {i - 1};
    auto pipeline = pipeline_of(names, inputs, {names.back()});
    pipeline.name = nasty;
    for (auto& node : pipeline.nodes) {
        node.owner = nasty;
        node.description = "</title><script>x</script>";
    }
    const std::string svg = to_svg(to_dot(pipeline, Dag(pipeline, inputs)));
    CHECK(has(svg, "</svg>"));
    CHECK_FALSE(has(svg, "<script"));
    CHECK_FALSE(has(svg, "<b>html"));
    CHECK_FALSE(has(svg, "\x01"));
    CHECK(has(svg, "&lt;script&gt;"));
    CHECK(has(svg, "back\\slash\\<"));
    CHECK(has(svg, "a &amp; b<"));
    CHECK(has(svg, "&amp;lt;literal"));
    CHECK(has(svg, "\\N \\G<"));
    CHECK(has(svg, "表"));
}

TEST_CASE("Without Graphviz the message names the package") {
    const Scoped path("PATH", "/nonexistent");
    CHECK_THROWS_WITH(to_svg("digraph {}"), Catch::Contains("apt-get install graphviz"));
}

TEST_CASE("What dot objects to is passed on") {
    CHECK_THROWS_WITH(to_svg("digraph {"), Catch::Contains("syntax error"));
}
